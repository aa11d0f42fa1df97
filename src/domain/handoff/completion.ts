// How a handoff ended: who published the post by hand, when, and where it is; and what its address answered when it was asked.
import { z } from 'zod';
import { type Actor, actorName, actorSchema, selfDeclared } from '../people/actor.ts';

/** What a look at a completed handoff's address came to. None of them proves more than that the address answered so. */
export const ADDRESS_VERDICTS = {
  answers: 'The address answered when it was asked.',
  nothing_there: 'The address said that nothing is there; see whether it was copied whole.',
  unknown: 'The address could not be asked: it wants a sign-in, or did not answer.',
} as const;
export type AddressVerdict = keyof typeof ADDRESS_VERDICTS;

const isVerdict = (text: string): text is AddressVerdict => Object.hasOwn(ADDRESS_VERDICTS, text);

export const addressCheckSchema = z.object({
  verdict: z.enum(Object.keys(ADDRESS_VERDICTS).filter(isVerdict)),
  /** When it was asked. */
  at: z.iso.datetime(),
  /** The HTTP status it answered with, where it answered. */
  status: z.int().optional(),
});
export type AddressCheck = z.infer<typeof addressCheckSchema>;

export const completionSchema = z.object({
  completedBy: z.string(),
  /** The same, and whether that is proven; absent where it was recorded before that was kept. */
  by: z.object(actorSchema.shape).optional(),
  /** When it was recorded. */
  completedAt: z.iso.datetime(),
  /** When it went live, by the word of whoever recorded it. */
  publishedAt: z.iso.datetime().optional(),
  url: z.string().optional(),
  note: z.string().optional(),
  check: addressCheckSchema.optional(),
});
export type Completion = z.infer<typeof completionSchema>;

/** Who published it by hand, as people read it. What nobody proved is their own word, also where that was not kept. */
export function completerName({ by, completedBy }: Pick<Completion, 'by' | 'completedBy'>): string {
  return actorName(by ?? selfDeclared(completedBy));
}

/** A handoff as it stands in its schedule's row. */
export interface StoredHandoff {
  /** Who publishes it; null: whoever takes it. */
  readonly owner: Actor | null;
  /** One of the vocabulary; rows of earlier versions hold free words. */
  readonly reason: string;
  readonly note?: string;
  readonly completion?: Completion;
}

/** Reads the status with which an address answered. */
export function addressVerdict(status: number): AddressVerdict {
  if (status >= 200 && status < 300) return 'answers';
  return status === 404 || status === 410 ? 'nothing_there' : 'unknown';
}
