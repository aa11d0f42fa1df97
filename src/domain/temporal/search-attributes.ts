// The search attributes of a publish: few, and all of type Keyword. They serve people who look for runs, never a decision.
import { toPlainText } from '../text/plain-text.ts';

export const SEARCH_ATTRIBUTES = {
  state: 'PublishState',
  cause: 'PublishCause',
  platform: 'PublishPlatform',
  account: 'PublishAccount',
  workspace: 'PublishWorkspace',
} as const;

/** What a column of Temporal's SQL stores holds of a Keyword, in characters; a longer value would never be written. */
const KEYWORD_CHARS = 255;

/** A name as it is indexed. New names are far shorter; older ones may not be. */
export const asKeyword = (name: string): string => toPlainText(name, KEYWORD_CHARS);
