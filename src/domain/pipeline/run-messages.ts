// The messages a run understands, and the pure rule that answers each. The Temporal UI sends at most one JSON value, so each takes
// one optional object.
import { z } from 'zod';
import { plainText } from '../schedules/post.ts';
import { inOrder, type PipelineContract, stageOf } from './contract.ts';
import { handedFilesSchema, slugText } from './run-request.ts';
import { hasEnded, type RunState, type StageState } from './states.ts';

const name = plainText.trim().min(1).max(200);
const note = plainText.max(2_000);
const from = { requestedBy: name.optional(), note: note.optional() };
const stage = z.string().min(1).max(63);

export const RUN_MESSAGE_SCHEMAS = {
  /**
   * A new attempt of the stage that failed, or of an earlier one that is named: the run goes on from there. `expectedAttempt` pins it
   * to the attempt of the present stage that was looked at.
   */
  retry: z.strictObject({ ...from, stage: stage.optional(), expectedAttempt: z.int().min(0).optional() }),
  /** Looks again now instead of at its time. */
  resume: z.strictObject(from),
  cancel: z.strictObject(from),
  /** Gives the post another slug, where its own is taken; it is approved anew. */
  rename: z.strictObject({ ...from, slug: slugText }),
  /** Takes the page that stands in the way for the post, as it is. `pageId`: as the stage tells it. */
  adopt: z.strictObject({ ...from, pageId: z.string().min(1).max(500) }),
  /** Hands in what a stage makes. */
  submit: z.strictObject({ ...from, stage: stage.optional(), files: handedFilesSchema }),
} as const;
export type RunMessageName = keyof typeof RUN_MESSAGE_SCHEMAS;

/** The same as an operator's program sends them: who asks is the caller. */
export const RUN_MESSAGE_REQUESTS = {
  retry: RUN_MESSAGE_SCHEMAS.retry.omit({ requestedBy: true }).meta({ id: 'RunRetryRequest' }),
  resume: RUN_MESSAGE_SCHEMAS.resume.omit({ requestedBy: true }).meta({ id: 'RunResumeRequest' }),
  cancel: RUN_MESSAGE_SCHEMAS.cancel.omit({ requestedBy: true }).meta({ id: 'RunCancelRequest' }),
  rename: RUN_MESSAGE_SCHEMAS.rename.omit({ requestedBy: true }).meta({ id: 'RunRenameRequest' }),
  adopt: RUN_MESSAGE_SCHEMAS.adopt.omit({ requestedBy: true }).meta({ id: 'RunAdoptRequest' }),
  submit: RUN_MESSAGE_SCHEMAS.submit.omit({ requestedBy: true }).meta({ id: 'RunSubmitRequest' }),
} as const satisfies Record<RunMessageName, z.ZodType>;
export type RunMessage = {
  [Name in RunMessageName]: { name: Name; body: z.infer<(typeof RUN_MESSAGE_SCHEMAS)[Name]> };
}[RunMessageName];

/** Why a message to a run was refused, with the sentence an operator reads. */
export const RUN_REFUSALS = {
  unknown_message: 'No message of that name exists.',
  malformed_message: 'The message does not have the shape it needs.',
  already_over: 'The run has ended; nothing can be changed.',
  not_there: 'The run does not stand at that stage.',
  attempt_mismatch: 'Another attempt was made since you looked; look again, then decide.',
  being_worked_on: 'The stage is being worked on; wait for its end or cancel the run.',
  live_already: 'Its post is live, so no earlier stage is done again; start another run for another post.',
  nothing_failed: 'The stage neither failed nor is it blocked, so there is nothing to try again.',
  not_waiting: 'The stage does not wait, so there is no wait to cut short.',
  no_conflict: 'No other page stands in its way, so there is nothing to choose.',
  other_page: 'That is not the page that stands in its way, or readers do not see it; look again.',
  takes_no_files: 'That stage makes nothing that could be handed in.',
  misfit: 'What was handed in does not fit the contract; nothing was stored.',
  publish_under_way:
    'Its publish may be live or still be sent, so it is not canceled here; cancel the publish itself, or wait for its outcome.',
} as const;
export type RunRefusal = keyof typeof RUN_REFUSALS;

export interface RunVerdict {
  readonly accepted: boolean;
  readonly message: string;
  readonly reason: RunRefusal | null;
  /** One sentence for the operator. */
  readonly text: string;
}

/** What decides about a message. */
export interface RunFacts {
  readonly contract: Pick<PipelineContract, 'stages'>;
  readonly state: RunState;
  readonly stageId: string;
  readonly stageState: StageState;
  /** Of the present stage. */
  readonly attempts: number;
  /** True while its publish goes on by itself: a create may still leave, or has left and its outcome is open. */
  readonly publishUnderWay: boolean;
  /** True once its post is on record as live. */
  readonly live: boolean;
  /** The page that stopped the present stage; null: none did. */
  readonly inTheWay: { readonly id: string; readonly status: string } | null;
}

/** Why the message is refused, or null when it is not. Whether handed files fit is checked by who has them. */
export function refuseRunMessage({ name, body }: RunMessage, facts: RunFacts): RunRefusal | null {
  if (hasEnded(facts.state)) return 'already_over';
  if (name === 'retry') return refuseRetry(body, facts);
  if ('stage' in body && body.stage !== undefined && body.stage !== facts.stageId) return 'not_there';
  switch (name) {
    case 'cancel':
      return facts.publishUnderWay ? 'publish_under_way' : null;
    case 'resume':
      return facts.stageState === 'waiting' ? null : 'not_waiting';
    case 'rename':
    case 'adopt':
      return refuseChoice(name === 'adopt' ? body.pageId : null, facts);
    case 'submit':
      return refuseSubmission(facts);
  }
}

function refuseRetry(body: Extract<RunMessage, { name: 'retry' }>['body'], facts: RunFacts): RunRefusal | null {
  if (body.stage !== undefined && body.stage !== facts.stageId) return refuseReturn(body, facts);
  if (body.expectedAttempt !== undefined && body.expectedAttempt !== facts.attempts) return 'attempt_mismatch';
  return facts.stageState === 'failed' || facts.stageState === 'blocked' ? null : 'nothing_failed';
}

/** Back to a stage that was done: its work, and what was made of it, is made anew. */
function refuseReturn(
  { stage, expectedAttempt }: Extract<RunMessage, { name: 'retry' }>['body'],
  facts: RunFacts,
): RunRefusal | null {
  const order = inOrder(facts.contract).map(({ id }) => id);
  const wanted = order.indexOf(stage ?? '');
  if (wanted < 0 || wanted > order.indexOf(facts.stageId)) return 'not_there';
  if (expectedAttempt !== undefined && expectedAttempt !== facts.attempts) return 'attempt_mismatch';
  if (facts.publishUnderWay) return 'publish_under_way';
  if (facts.live) return 'live_already';
  // Nobody works on what waits for a person; it is only looked at now and then.
  const atWork = facts.stageState === 'running' || facts.stageState === 'pending';
  return atWork && stageOf(facts.contract, facts.stageId)?.runner !== 'human' ? 'being_worked_on' : null;
}

function refuseChoice(
  pageId: string | null,
  { inTheWay, stageState, publishUnderWay, live }: RunFacts,
): RunRefusal | null {
  if (inTheWay === null || stageState !== 'blocked') return 'no_conflict';
  if (publishUnderWay) return 'publish_under_way';
  if (live) return 'live_already';
  if (pageId === null) return null;
  return inTheWay.id === pageId && inTheWay.status === 'published' ? null : 'other_page';
}

/** Anybody may hand in what a program could not make; what is ours to find out, nobody may. */
function refuseSubmission({ contract, stageId, stageState }: RunFacts): RunRefusal | null {
  const spec = stageOf(contract, stageId);
  if (!spec || spec.runner === 'builtin' || spec.artifacts.length === 0) return 'takes_no_files';
  if (stageState !== 'running' && stageState !== 'pending') return null;
  // The gates of a stage that a person does must have let it through.
  return spec.runner === 'human' && spec.gates.length === 0 ? null : 'being_worked_on';
}
