// A batch: the failures of one incident, replayed one after another. Each member passes the gate by itself.
import { z } from 'zod';
import { CAUSE_CODES } from '../causes/causes.ts';
import { instantText } from '../schedules/instant.ts';
import { instantSchema, stateSchema } from '../schedules/item.ts';
import { paceSchema } from '../schedules/pace.ts';
import { plainText } from '../schedules/post.ts';

/** More at once is asked for in parts, by a cut or when the first batch has ended. */
export const MOST_MEMBERS = 10_000;

export const batchRequestSchema = z
  .strictObject({
    /** The account's id or name, as for a schedule. */
    account: plainText.min(1).max(128),
    cause: CAUSE_CODES,
    pace: paceSchema.default({ kind: 'at_once' }),
    /** What was due before that is left as it is. */
    skipOlder: instantText.nullish(),
    /** Why, for the record of every member. */
    note: plainText.max(2_000).optional(),
  })
  .meta({ id: 'BatchRequest' });
export type BatchRequest = z.infer<typeof batchRequestSchema>;
export type BatchRequestInput = z.input<typeof batchRequestSchema>;

/**
 * What became of a member. `refused`: the gate or the run said no, with the reason. `unanswered`: it was asked and nobody
 * answered, so it may have begun. `too_old`: due before the cut. `canceled`: the batch was, before its turn.
 */
export const MEMBER_VERDICTS = ['accepted', 'refused', 'unanswered', 'too_old', 'canceled'] as const;
export type MemberVerdict = (typeof MEMBER_VERDICTS)[number];

/** What a verdict is called where people read it; without one a member waits for its turn. */
export const VERDICT_LABELS: Record<MemberVerdict | 'waiting', string> = {
  waiting: 'Waits for its turn',
  accepted: 'Replayed',
  refused: 'Refused',
  unanswered: 'No answer',
  too_old: 'Too old',
  canceled: 'Canceled',
};

/** Whether a batch has members that wait for their turn. */
export const BATCH_STATES = ['under_way', 'ended'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

const memberSchema = z.object({
  place: z.int(),
  scheduleId: z.string(),
  /** Where the publish stands by now. */
  state: stateSchema,
  dueAt: instantSchema.meta({ description: "Of its turn in the batch, not the publish's own." }),
  verdict: z.enum(MEMBER_VERDICTS).nullable(),
  /** Of a refusal: one of the gate's reasons or of the refusals of messages. */
  reason: z.string().nullable(),
  /** The verdict in one sentence. */
  says: z.string().nullable(),
  answeredAt: instantSchema.nullable(),
});

export const batchSummarySchema = z
  .object({
    id: z.string(),
    account: z.object({ id: z.string(), name: z.string() }),
    cause: CAUSE_CODES,
    pace: paceSchema,
    skipOlder: instantSchema.nullable(),
    note: z.string().nullable(),
    askedBy: z.string(),
    askedAt: instantSchema,
    canceledAt: instantSchema.nullable(),
    endedAt: instantSchema.nullable().meta({ description: 'Null while it is under way.' }),
    members: z.int(),
  })
  .meta({ id: 'BatchSummary' });
export type BatchSummary = z.infer<typeof batchSummarySchema>;

export const batchPageSchema = z
  .object({
    batches: z.array(batchSummarySchema),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Send it as `cursor` for the next page; null on the last one.' }),
  })
  .meta({ id: 'BatchPage' });
export type BatchPage = z.infer<typeof batchPageSchema>;

export const batchSchema = z
  .object({
    ...batchSummarySchema.shape,
    counts: z.record(z.enum(['waiting', ...MEMBER_VERDICTS]), z.int()),
    /** When the next member has its turn; null when none waits. */
    nextAt: instantSchema.nullable(),
    report: z.array(memberSchema).meta({ description: 'One page of members, in the order of their turns.' }),
    nextAfter: z.int().nullable().meta({ description: 'Send it as `after` for the next page; null on the last one.' }),
  })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof batchSchema>;

export const batchAcceptedSchema = z
  .object({ id: z.string(), members: z.int(), tooOld: z.int(), href: z.string() })
  .meta({ id: 'BatchAccepted' });
export type BatchAccepted = z.infer<typeof batchAcceptedSchema>;

/** The id of a batch's workflow. */
export const batchWorkflowId = (workspaceId: string, batchId: string) => `batch/${workspaceId}/${batchId}`;

/** What starts the workflow of a batch. */
export interface BatchKey {
  readonly workspaceId: string;
  readonly batchId: string;
}
