// Mentions in a text: `@` and a handle, which is a domain.
import { isUnderKnownTld } from './domains.ts';

/** MENTION_REGEX of @atproto/api. */
const MENTION = /(?<=^|[\s(])@([a-zA-Z0-9.-]+)\b/g;

/** The handle syntax of the AT Protocol: anything else is nobody's, and a PDS refuses to be asked for it. */
const HANDLE = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const HANDLE_CHARS = 253;

export interface Mention {
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
  readonly written: string;
  /** Lower case: handles are compared without regard to it. */
  readonly handle: string;
}

/** The mentions of a text, in order. `.test` is for servers of developers, ours in tests among them. */
export function mentionsIn(text: string): Mention[] {
  return [...text.matchAll(MENTION)].flatMap(({ index, 0: written }) => {
    const handle = written.slice(1).toLowerCase();
    const isHandle = handle.length <= HANDLE_CHARS && HANDLE.test(handle);
    return isHandle && (isUnderKnownTld(handle) || handle.endsWith('.test')) ? [{ at: index, written, handle }] : [];
  });
}
