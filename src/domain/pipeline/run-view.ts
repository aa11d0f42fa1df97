// A run as every door shows it.
import { z } from 'zod';
import { actorSchema } from '../people/actor.ts';
import { instantSchema } from '../schedules/item.ts';
import { TOOL_CALL_EVIDENCE, TOOL_CALL_STATES } from '../tool-calls/tool-call.ts';
import { stageCauseSchema } from './cause-view.ts';
import { RUNNERS } from './contract.ts';
import { RECHECK_REFUSALS, type RecheckRefusal } from './recheck.ts';
import { findingSchema, recheckSchema } from './recheck-view.ts';
import { RUN_STATES, STAGE_OUTCOMES } from './states.ts';

const isRefusal = (name: string): name is RecheckRefusal => Object.hasOwn(RECHECK_REFUSALS, name);
const refusals = Object.keys(RECHECK_REFUSALS).filter(isRefusal);

const stageStates = ['pending', 'running', 'waiting', 'succeeded', 'failed', 'blocked'] as const;

const artifactSchema = z.object({
  name: z.string(),
  version: z.int(),
  sha256: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number(),
  stage: z.string().nullable(),
  attempt: z.int(),
  by: actorSchema.nullable(),
  inputs: z.record(z.string(), z.string()),
  madeAt: instantSchema,
  href: z.string(),
});
export type ArtifactView = z.infer<typeof artifactSchema>;

const attemptSchema = z.object({
  stage: z.string(),
  number: z.int(),
  runner: z.enum(RUNNERS),
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  outcome: z.enum(STAGE_OUTCOMES).nullable(),
  cause: stageCauseSchema.nullable(),
  evidence: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), z.string()),
});

const stageSchema = z.object({
  id: z.string(),
  runner: z.enum(RUNNERS),
  state: z.enum(stageStates),
  attempts: z.int(),
  cause: stageCauseSchema.nullable(),
  says: z.string().nullable(),
  /** The names of what it makes. */
  makes: z.array(z.string()),
  /** The media type of each, by its name. */
  mediaTypes: z.record(z.string(), z.string()),
});

const toolCallSchema = z.object({
  stage: z.string(),
  /** Who was asked. */
  action: z.string(),
  /** What went along with it: the same for every attempt on the same inputs. */
  key: z.string(),
  state: z.enum(TOOL_CALL_STATES),
  /** Calls that were begun. */
  tries: z.int(),
  /** The newest. */
  attemptedAt: instantSchema,
  settledAt: instantSchema.nullable(),
  /** By what its end is known. */
  settledBy: z.enum(TOOL_CALL_EVIDENCE).nullable(),
});

export const runSummarySchema = z
  .object({
    id: z.string(),
    pipeline: z.string(),
    slug: z.string(),
    zone: z.string(),
    title: z.string().nullable(),
    state: z.enum(RUN_STATES),
    /** The present stage; the last one, when it has ended. */
    stage: z.string(),
    /** The pipeline's own word for how it ended. */
    terminal: z.string().nullable(),
    wakeAt: instantSchema.nullable(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
    endedAt: instantSchema.nullable(),
    creator: actorSchema,
    /** What the last re-check of its published post found wrong; null: nothing. */
    finding: findingSchema.nullable(),
    href: z.string(),
  })
  .meta({ id: 'RunSummary' });
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runViewSchema = z
  .object({
    run: runSummarySchema.extend({
      workflowId: z.string(),
      /** SHA-256 of the contract that it began with. */
      version: z.string(),
      traceId: z.string(),
      /** The schedule of the post that it publishes. */
      scheduleId: z.string(),
      /** Where readers find it, once it is live. */
      address: z.string().nullable(),
    }),
    /** Looks at its published post since, the newest first; at most twenty. */
    rechecks: z.array(recheckSchema),
    /** Why its post cannot be checked again; null: it can. */
    recheckRefusal: z.object({ reason: z.enum(refusals), text: z.string() }).nullable(),
    /** What waits for a decision: its fingerprint, and what it says. */
    asks: z.object({ fingerprint: z.string(), title: z.string(), address: z.string() }).nullable(),
    /** What stands in the way of its post, beside what was planned; a person chooses. */
    conflict: z
      .object({
        pageId: z.string(),
        url: z.string().nullable(),
        status: z.string(),
        why: z.string(),
        differences: z.array(z.object({ what: z.string(), planned: z.string(), seen: z.string() })),
      })
      .nullable(),
    stages: z.array(stageSchema),
    attempts: z.array(attemptSchema),
    /** Calls of stages whose effect outside must not happen twice. */
    toolCalls: z.array(toolCallSchema),
    artifacts: z.array(artifactSchema),
    decisions: z.array(
      z.object({
        stage: z.string(),
        verdict: z.enum(['approved', 'rejected']),
        fingerprint: z.string(),
        decidedBy: actorSchema,
        decidedAt: instantSchema,
        note: z.string().nullable(),
      }),
    ),
    messages: z.array(
      z.object({
        name: z.string(),
        /** The one it named, for example to go back to; null: it named none. */
        stage: z.string().nullable(),
        accepted: z.boolean(),
        text: z.string(),
        by: actorSchema,
        at: instantSchema,
      }),
    ),
  })
  .meta({ id: 'RunView' });
export type RunView = z.infer<typeof runViewSchema>;

export const runPageSchema = z
  .object({ runs: z.array(runSummarySchema), next: z.string().nullable() })
  .meta({ id: 'RunPage' });
export type RunPage = z.infer<typeof runPageSchema>;

export const runAcceptedSchema = z
  .object({
    id: z.string(),
    pipeline: z.string(),
    workflowId: z.string(),
    /** False when the same run was taken in before. */
    created: z.boolean(),
    workflow: z.enum(['started', 'pending']),
    href: z.string(),
  })
  .meta({ id: 'RunAccepted' });
export type RunAccepted = z.infer<typeof runAcceptedSchema>;

export const runMessageAcceptedSchema = z
  .object({ accepted: z.literal(true), id: z.string(), state: z.enum(RUN_STATES), stage: z.string() })
  .meta({ id: 'RunMessageAccepted' });
export type RunMessageAccepted = z.infer<typeof runMessageAcceptedSchema>;

export const runDecisionRequestSchema = z
  .strictObject({
    verdict: z.enum(['approved', 'rejected']),
    expectedFingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'must be the fingerprint of a content: 64 hex digits'),
    note: z.string().max(2_000).optional(),
  })
  .meta({ id: 'RunDecisionRequest' });
export type RunDecisionRequest = z.infer<typeof runDecisionRequestSchema>;

export const runDecidedSchema = z
  .object({ id: z.string(), verdict: z.enum(['approved', 'rejected']), fingerprint: z.string() })
  .meta({ id: 'RunDecided' });
export type RunDecided = z.infer<typeof runDecidedSchema>;
