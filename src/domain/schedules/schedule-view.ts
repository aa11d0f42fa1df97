// What the API tells of schedules: the answer to a hand-over, and the whole record of one schedule.
import { z } from 'zod';
import { causeSchema } from '../causes/causes.ts';
import { actorSchema } from '../people/actor.ts';
import { callAnswerSchema, sentCallSchema } from './create-record.ts';
import { instantSchema, itemSchema, stateSchema } from './item.ts';
import { DELIVERY_MODES } from './post.ts';
import { ATTEMPT_OUTCOMES, INTENT_STATES } from './states.ts';

/**
 * Whether a workflow drives the schedule: `started`; `pending` when Temporal could not be asked and the sweep starts it
 * later; `not_needed` when the schedule has ended.
 */
const WORKFLOW_STATES = ['started', 'pending', 'not_needed'] as const;

export const scheduleAcceptedSchema = z
  .object({
    id: z.string(),
    /** False when the same schedule was taken in before. */
    created: z.boolean(),
    state: stateSchema,
    platform: z.string(),
    account: z.string(),
    publishAt: instantSchema,
    /** SHA-256 over content and delivery settings, hex. */
    fingerprint: z.string(),
    workflow: z.enum(WORKFLOW_STATES),
    workflowId: z.string(),
    message: z.string(),
    /** The schedule's address on this server. */
    href: z.string(),
  })
  .meta({ id: 'ScheduleAccepted' });
export type ScheduleAccepted = z.infer<typeof scheduleAcceptedSchema>;

const mediaViewSchema = z.object({
  url: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number(),
  altText: z.string().optional(),
});

const attemptViewSchema = z.object({
  number: z.int(),
  worker: z.string(),
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
  /** With the raw text, for engineers; secrets are redacted. */
  cause: z.object(causeSchema.shape).nullable(),
});

const intentViewSchema = z.object({
  attempt: z.int(),
  state: z.enum(INTENT_STATES),
  sentAt: instantSchema,
  sendDeadline: instantSchema,
  /** What a later look needs to recognise the post, as JSON; secrets are redacted. */
  markers: z.string(),
  /** The call as it was let go; null where none was kept: by an earlier version, or by a database that lost it. */
  sent: sentCallSchema.nullable(),
  /** What came back on it; null while nothing has, and where its worker was gone before it could be saved. */
  answer: callAnswerSchema.nullable(),
  /** The platform answered that an equal post is live. */
  duplicate: z.boolean(),
  /** Looks for its post past the time by which it would have shown. */
  looks: z.object({
    /** How many did not find it. */
    missed: z.int(),
    lastMissAt: instantSchema.nullable(),
    /** Since when none could be read; null while they can. */
    unreadableSince: instantSchema.nullable(),
  }),
  closedAt: instantSchema.nullable(),
});

const postViewSchema = z.object({
  platformPostId: z.string(),
  url: z.string().nullable(),
  publishedAt: instantSchema,
  evidence: z.string(),
});

const auditViewSchema = z.object({
  position: z.int(),
  type: z.string(),
  at: instantSchema,
  actor: z.object(actorSchema.shape),
  payload: z.record(z.string(), z.unknown()),
});

const messageViewSchema = z.object({
  name: z.string(),
  at: instantSchema,
  /** Who sent it, and whether that is proven: through the Temporal UI it is only their own word. */
  by: z.object(actorSchema.shape),
  /** What they wrote beside it. */
  note: z.string().nullable(),
  accepted: z.boolean(),
  reason: z.string().nullable(),
  text: z.string(),
});

const decisionViewSchema = z.object({
  verdict: z.enum(['approved', 'rejected']),
  at: instantSchema,
  by: z.object(actorSchema.shape),
  note: z.string().nullable(),
  /** The version it was made for. */
  fingerprint: z.string(),
});

/** What a person may do about a publish: the messages to it, and the change of its version and the decision on it. */
const OFFERED = ['replay', 'resume', 'resolve', 'edit', 'review', 'reschedule', 'handoff', 'cancel'] as const;
const offerSchema = z.object({
  message: z.enum(OFFERED),
  /** Why it would be refused now; null: it would be accepted. */
  refused: z.object({ reason: z.string(), text: z.string() }).nullable(),
});
export type Offer = z.infer<typeof offerSchema>;

export const scheduleViewSchema = z
  .object({
    schedule: z.object({
      id: z.string(),
      workspace: z.string(),
      state: stateSchema,
      platform: z.string(),
      account: z.object({ id: z.string(), name: z.string() }),
      text: z.string(),
      media: z.array(mediaViewSchema),
      mode: z.enum(DELIVERY_MODES),
      approvalRequired: z.boolean(),
      options: z.record(z.string(), z.unknown()),
      publishAt: instantSchema,
      traceId: z.string(),
      fingerprint: z.string(),
      workflowId: z.string(),
      workflowStartedAt: instantSchema.nullable(),
      creator: z.object(actorSchema.shape),
      createdAt: instantSchema,
      updatedAt: instantSchema,
    }),
    item: itemSchema,
    /** Oldest first; the newest ones where there are very many, and so for the audit trail. */
    attempts: z.array(attemptViewSchema),
    intents: z.array(intentViewSchema),
    post: postViewSchema.nullable(),
    messages: z.array(messageViewSchema),
    decisions: z.array(decisionViewSchema),
    /** What the preparation saved at the platform (uploads, containers), each as JSON; secrets are redacted. */
    remote: z.array(z.object({ key: z.string(), value: z.string() })),
    /** What may be asked of it now. */
    offers: z.array(offerSchema),
    audit: z.array(auditViewSchema),
  })
  .meta({ id: 'Schedule' });
export type ScheduleView = z.infer<typeof scheduleViewSchema>;
