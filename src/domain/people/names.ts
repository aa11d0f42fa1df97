// The names of workspaces and accounts. They become search attributes and stand in lists, sentences and commands.
import { z } from 'zod';
import { issueWords } from '../text/issue-words.ts';

const NAME_CHARS = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Controls, the two separators of lines and paragraphs, lone surrogates, and what stands for bytes that were no UTF-8. */
const UNSHOWABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffd]/u;

/** What a new name may be. Workspaces and accounts are found by name or by id, so no name may look like an id. */
const nameSchema = z
  .string()
  .min(1)
  .max(NAME_CHARS)
  .refine((name) => !UNSHOWABLE.test(name), 'must be of characters that can be shown (no control characters)')
  .refine((name) => name === name.trim(), 'must neither begin nor end with a space')
  .refine((name) => !UUID.test(name), 'must not have the form of an id (a UUID)');

/** What has a name that is limited. */
export type Named = 'workspace' | 'account';

/** A new workspace or account may not be called that; nothing was stored. The name itself is not repeated: it may be anything. */
export class NameRefused extends Error {
  override readonly name = 'NameRefused';
  readonly named: Named;
  /** What the name must be, for example `must have at most 100 characters`. */
  readonly problem: string;
  constructor(named: Named, problem: string) {
    super(`The name of the ${named} ${problem}, so nothing was stored; choose another.`);
    this.named = named;
    this.problem = problem;
  }
}

/** @throws NameRefused when a new workspace or account may not be called that */
export function assertName(named: Named, name: string): void {
  const [issue] = nameSchema.safeParse(name).error?.issues ?? [];
  if (issue) throw new NameRefused(named, issueWords(issue).problem);
}
