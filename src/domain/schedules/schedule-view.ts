// What the API tells of schedules: the answer to a hand-over, and the whole record of one schedule.
import { z } from 'zod';
import { causeSchema } from '../causes/causes.ts';
import { actorSchema } from '../people/actor.ts';
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
    audit: z.array(auditViewSchema),
  })
  .meta({ id: 'Schedule' });
export type ScheduleView = z.infer<typeof scheduleViewSchema>;
