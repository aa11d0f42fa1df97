// What the other side says of an effect whose outcome is unknown, asked by the key that went along with it.
//
// Whoever is asked answers {"found": true, "artifacts": {...}, "evidence": ANY}, the artifacts as the first answer would have held
// them, or {"found": false}. Anything else is no answer, and nothing is called absent by it.
import { z } from 'zod';
import type { StageCause } from '../../domain/pipeline/stage-causes.ts';
import type { Json } from '../../platforms/sessions.ts';
import { type Answer, BadAnswer } from './answer.ts';
import type { MadeFile, StageControl, StageWork } from './runner.ts';

/**
 * - `found`: it took effect, and made these
 * - `absent`: it did not, as seen now; law 4 says how often and how late that must be seen
 * - `unreadable`: it could not be told
 */
export type Lookup =
  | { readonly kind: 'found'; readonly files: readonly MadeFile[]; readonly evidence?: Json | undefined }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly cause: StageCause };

/** Looks whether the effect of a stage's key is there. Never throws for what the other side does. */
export type Look = (work: StageWork, control: StageControl) => Promise<Lookup>;

/** Longer is not waited for what a look is answered. */
export const LONGEST_LOOK_MS = 60_000;

const lookupSchema = z.discriminatedUnion('found', [
  z.strictObject({
    found: z.literal(true),
    artifacts: z.record(z.string(), z.json()).optional(),
    evidence: z.json().optional(),
  }),
  z.strictObject({ found: z.literal(false) }),
]);

/** What the effect made, as its own answer would have said; null: it is not there. @throws BadAnswer */
export function readFound(value: unknown): Answer | null {
  const { data } = lookupSchema.safeParse(value);
  if (data === undefined) {
    const allowed = 'allowed: {"found": true, "artifacts": ...} or {"found": false}.';
    throw new BadAnswer('answer_unreadable', `Its answer does not say whether it took effect; ${allowed}`);
  }
  if (!data.found) return null;
  const { artifacts, evidence } = data;
  return { ...(artifacts ? { artifacts } : {}), ...(evidence === undefined ? {} : { evidence }) };
}

export function unreadable(cause: StageCause): Lookup {
  return { kind: 'unreadable', cause };
}
