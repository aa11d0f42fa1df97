// The item: one row of the recovery surface, the same for page, API and proof.
import { z } from 'zod';
import { causeSchema } from '../causes/causes.ts';
import { isNextAction, NEXT_ACTIONS } from '../causes/next-action.ts';
import { BLOCKED_REASONS } from '../gate/gate.ts';
import { TARGET_PROBLEMS } from '../gate/target.ts';
import { ACTOR_TYPES, OWNER_ROLES } from '../people/owner.ts';
import { STATE_NAMES } from './states.ts';

export const stateSchema = z.enum(STATE_NAMES);

/** An instant as ISO 8601 in UTC, with milliseconds. */
export const instantSchema = z.iso.datetime();

const itemCauseSchema = z.object({
  /** What it is about: the publish itself, or the account it is meant for. */
  domain: z.enum(['publish', 'target_repair']),
  code: causeSchema.shape.code,
  bucket: causeSchema.shape.bucket,
  source: causeSchema.shape.source,
  stage: causeSchema.shape.stage,
  /** What the code means, in plain words. */
  means: z.string(),
  /** What the platform said. */
  externalText: z.string(),
  httpStatus: z.int().optional(),
  resumeAt: instantSchema.optional(),
});

const gateSchema = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('replayable') }),
  z.object({
    verdict: z.literal('blocked'),
    reason: z.enum(BLOCKED_REASONS),
    /** Every reason that holds, in order, each with its sentence. */
    reasons: z.array(z.object({ code: z.enum(BLOCKED_REASONS), text: z.string() })),
  }),
]);

export const itemSchema = z
  .object({
    id: z.string(),
    state: stateSchema,
    /** What the state means, in plain words. */
    stateMeans: z.string(),
    platform: z.string(),
    account: z.object({ id: z.string(), name: z.string() }),
    /** The beginning of the post's text. */
    text: z.string(),
    mediaCount: z.int(),
    publishAt: instantSchema,
    attempts: z.int(),
    cause: itemCauseSchema.nullable(),
    /** What is wrong with the account it is meant for; null while that is still the same one. */
    targetProblem: z.enum(TARGET_PROBLEMS).nullable(),
    failedAt: instantSchema.nullable(),
    nextAction: z.object({
      code: z.enum(Object.keys(NEXT_ACTIONS).filter(isNextAction)),
      kind: z.enum(['link', 'mutation', 'none']),
      /** Where a link action leads, on this server. */
      href: z.string().optional(),
    }),
    owner: z.object({
      role: z.enum(OWNER_ROLES),
      label: z.string().nullable(),
      id: z.string().nullable(),
      /** How far it is proven who that is; null where nobody is named. */
      type: z.enum(ACTOR_TYPES).nullable(),
    }),
    gate: gateSchema,
    /** The next action is a replay and nothing blocks it. */
    replayOffered: z.boolean(),
    /** When it goes on by itself; null while a person is waited for, and at the end. */
    wakeAt: instantSchema.nullable(),
    /** Where it is live, once it is and the platform told. */
    url: z.string().nullable(),
  })
  .meta({ id: 'Item' });
export type Item = z.infer<typeof itemSchema>;

export const itemPageSchema = z
  .object({
    items: z.array(itemSchema),
    /** Send it as `cursor` for the next page; null on the last one. */
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ItemPage' });
export type ItemPage = z.infer<typeof itemPageSchema>;
