// A re-check of a published run, and what it found, as every door shows them.
import { z } from 'zod';
import { actorSchema } from '../people/actor.ts';
import { instantSchema, itemSchema } from '../schedules/item.ts';
import { plainText } from '../schedules/post.ts';
import { stageCauseSchema } from './cause-view.ts';
import { LIVE_CHECK_NAMES } from './page/live-checks.ts';
import { VERDICT_NAMES } from './recheck.ts';

const verdictSchema = z.enum(VERDICT_NAMES);

const checkSchema = z.object({
  check: z.enum(LIVE_CHECK_NAMES),
  expected: z.string(),
  /** Null where nothing could be seen. */
  seen: z.string().nullable(),
  ok: z.boolean(),
});

export const recheckSchema = z
  .object({
    id: z.string(),
    askedBy: actorSchema,
    askedAt: instantSchema,
    endedAt: instantSchema.nullable(),
    /** Null while it is under way. */
    verdict: verdictSchema.nullable(),
    /** By what that is told, in one sentence. */
    says: z.string().nullable(),
    /** The address that was asked. */
    address: z.string(),
    looks: z.array(
      z.object({
        at: instantSchema,
        verdict: verdictSchema,
        says: z.string(),
        /** Where its redirects ended. */
        url: z.string(),
        status: z.int().nullable(),
        /** SHA-256 over the text of the page as it was read; null where it could not be. */
        digest: z.string().nullable(),
      }),
    ),
    /** Who said that what it found is meant so; null: nobody. */
    accepted: z.object({ by: actorSchema, at: instantSchema, note: z.string().nullable() }).nullable(),
    /** What the last look expected and saw. */
    checks: z.array(checkSchema),
  })
  .meta({ id: 'RunRecheck' });
export type Recheck = z.infer<typeof recheckSchema>;

/** A post that was published and is found otherwise. */
export const findingSchema = z
  .object({
    recheckId: z.string(),
    verdict: z.enum(['changed', 'gone']),
    foundAt: instantSchema,
    address: z.string(),
    cause: stageCauseSchema,
    /** What its owner does about it, in one sentence. */
    nextStep: z.string(),
    owner: itemSchema.shape.owner,
  })
  .meta({ id: 'RunFinding' });
export type Finding = z.infer<typeof findingSchema>;

export const recheckAskedSchema = z
  .object({
    /** The run's. */
    id: z.string(),
    recheck: recheckSchema,
    /** True when it was under way already. */
    joined: z.boolean(),
    href: z.string(),
  })
  .meta({ id: 'RunRecheckAsked' });
export type RecheckAsked = z.infer<typeof recheckAskedSchema>;

export const acceptRequestSchema = z
  .strictObject({ note: plainText.max(2_000).optional() })
  .meta({ id: 'RunAcceptRequest' });
export type AcceptRequest = z.infer<typeof acceptRequestSchema>;

export const acceptedSchema = z
  .object({
    /** The run's. */
    id: z.string(),
    recheck: recheckSchema,
  })
  .meta({ id: 'RunFindingAccepted' });
export type Accepted = z.infer<typeof acceptedSchema>;
