// A stage whose effect must not happen twice by itself: the call is on record before it leaves, and the record says whether it may.
import { canLook, type StageSpec } from '../../domain/pipeline/contract.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { readMiss } from '../../domain/tool-calls/tool-call.ts';
import { openStageCall, rememberStageMiss, settleStageCall } from '../../ledger/runs/stage-calls.ts';
import type { CallEnd, CallStanding, ToolCallRow } from '../../ledger/tool-calls/tool-calls.ts';
import { visibilityHorizonMsOf } from '../../runtime/settings/settings.ts';
import { readArtifact } from '../artifacts/artifact-bytes.ts';
import type { PipelineContext } from '../context.ts';
import type { Look } from '../runners/lookup.ts';
import type { StageEnd } from '../runners/runner.ts';
import { StageBusy } from './stage-busy.ts';
import { pointsAt, type RunTask, type StageTask } from './stage-task.ts';
import { actionOf } from './stage-work.ts';

/** How a stage ended. */
export interface Called {
  readonly end: StageEnd;
  /** The call whose end this tells, and by what it is known; null: there was none, or its end is on record already. */
  readonly call: { readonly key: string; readonly by: CallEnd['by'] } | null;
}

/** Makes the call of a stage if its record allows that. @throws StageBusy where another has the stage now */
export async function callOnce(context: PipelineContext, task: StageTask, run: RunTask): Promise<Called> {
  const { key, attempt, facts, work, control } = task;
  const { ledger, settings, points } = context;
  const { sendWindowMs, answerMs } = settings.timeouts;
  const leaveBy = new Date(ledger.clock.now().getTime() + sendWindowMs + answerMs);
  const standing = await openStageCall(ledger, key, attempt, {
    workspaceId: key.workspaceId,
    key: work.key,
    task: key.runId,
    step: facts.spec.id,
    action: actionOf(facts.spec),
    requestHash: task.requestHash,
    traceId: facts.run.traceId,
    effect: facts.spec.effect,
    canLook: canLook(facts.spec),
    leaveBy,
  });
  if (!standing) throw new StageBusy('Another has the stage now.');
  if (standing.kind !== 'call') return withoutCall(context, task, standing, run);
  await points.reach('tool_call_recorded', pointsAt(key, attempt));
  const mayLeave = () => control.mayLeave() && ledger.clock.now() <= leaveBy;
  return { end: await run({ ...task, control: { ...control, mayLeave } }), call: { key: work.key, by: 'answer' } };
}

type NoCall = Exclude<CallStanding, { kind: 'call' }>;

async function withoutCall(context: PipelineContext, task: StageTask, standing: NoCall, run: RunTask): Promise<Called> {
  switch (standing.kind) {
    case 'earlier': {
      const files = await Promise.all(
        standing.result.map(async ({ name, sha256 }) => ({
          name,
          bytes: await readArtifact(context, task.key.workspaceId, sha256),
        })),
      );
      return { end: { kind: 'made', files, alreadyTrue: true }, call: null };
    }
    case 'mismatch': {
      const text =
        'Another request stands on record under the key of this call, so it was not made; look what differs.';
      return { end: { kind: 'failed', cause: stageCause('call_mismatch', text) }, call: null };
    }
    case 'person':
      return { end: { kind: 'unknown', cause: doubtOf(standing.row) }, call: null };
    case 'look':
      return look(context, task, standing.row, run);
  }
}

function doubtOf({ cause }: ToolCallRow) {
  const ask = 'Look there, then hand in its result, or try again, which does it again.';
  return stageCause('outcome_unknown', `${cause?.text ?? 'It may have taken effect.'} ${ask}`, cause?.raw);
}

async function look(context: PipelineContext, task: StageTask, row: ToolCallRow, run: RunTask): Promise<Called> {
  const { ledger, settings, points } = context;
  const lookup = await lookOf(context, task.facts.spec)(task.work, task.control);
  await points.reach('tool_call_looked', pointsAt(task.key, task.attempt));
  if (lookup.kind === 'found') {
    const { files, evidence } = lookup;
    return { end: { kind: 'made', files, alreadyTrue: true, evidence }, call: { key: row.key, by: 'lookup' } };
  }
  const at = ledger.clock.now();
  if (lookup.kind === 'unreadable') {
    const { readRetryMs, giveUpAfterMs } = settings.reconcile;
    if (at.getTime() - row.attemptedAt.getTime() >= giveUpAfterMs) {
      return { end: { kind: 'unknown', cause: doubtOf({ ...row, cause: lookup.cause }) }, call: null };
    }
    return waits(
      `It may have taken effect, and that could not be told: ${lookup.cause.text}`,
      at.getTime() + readRetryMs,
    );
  }
  const miss = readMiss({
    at,
    leaveBy: row.leaveBy,
    longestMs: task.facts.spec.timeoutMs,
    horizonMs: visibilityHorizonMsOf(settings, 'default'),
    spacingMs: settings.reconcile.spacingMs,
    missedAt: row.missedAt,
  });
  if (!miss.absent) {
    await rememberStageMiss(ledger, row, miss.missedAt);
    return waits('It may have taken effect; nothing is seen of it yet.', miss.at.getTime());
  }
  const cause = stageCause('stopped', 'It was looked for twice, after its time, and did not take effect.');
  await settleStageCall(ledger, row, { state: 'failed', by: 'lookup', cause });
  return callOnce(context, task, run);
}

function waits(says: string, untilMs: number): Called {
  return {
    end: { kind: 'waiting', says: `${says} It is looked again by itself.`, until: new Date(untilMs) },
    call: null,
  };
}

function lookOf({ lookups }: PipelineContext, { runner, id }: StageSpec): Look {
  if (runner === 'builtin' || runner === 'human') throw new TypeError(`the stage ${id} makes no call`);
  return lookups[runner];
}
