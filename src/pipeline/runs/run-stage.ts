// The work of one step of a run: the present stage is taken up, its runner does its work, and how that ended is saved, whatever it is
// (law 8). Who was overtaken saves nothing.
import { isGroup } from '../../domain/pipeline/artifact-names.ts';
import { keepsCalls, type StageSpec } from '../../domain/pipeline/contract.ts';
import { type RunKey, scheduleIdOfRun } from '../../domain/pipeline/run-id.ts';
import type { RunStep } from '../../domain/pipeline/run-step.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { hasEnded } from '../../domain/pipeline/states.ts';
import { toPlainText } from '../../domain/text/plain-text.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import { closeStage } from '../../ledger/runs/close-stage.ts';
import { retryByItself } from '../../ledger/runs/lost-runs.ts';
import {
  holdStage,
  keepEvidence,
  openStage,
  type StageAttempt,
  type StageOpened,
} from '../../ledger/runs/open-stage.ts';
import { type RunFacts, readRunFacts } from '../../ledger/runs/run-facts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { BadInput } from '../builtin/read-input.ts';
import type { PipelineContext } from '../context.ts';
import { brokeOff } from '../runners/endings.ts';
import type { StageEnd } from '../runners/runner.ts';
import { gateFault } from './gates.ts';
import { runnerOf } from './runner-of.ts';
import { StageBusy } from './stage-busy.ts';
import { closingOf } from './stage-closing.ts';
import { pointsAt, type RunTask, type StageTask } from './stage-task.ts';
import { requestHash, workOf } from './stage-work.ts';
import { type Called, callOnce } from './tool-call.ts';

/** There is no such run: nothing can be done for it. */
export class UnknownRun extends Error {
  override readonly name = 'UnknownRun';
}

export interface StepControl {
  heartbeat(stageId: string): void;
  /** Fires when the activity must end. */
  readonly withdrawn: AbortSignal;
}

/** Works on the present stage of a run, if there is anything to do. @throws UnknownRun; StageBusy or an outage: come again */
export async function runStage(context: PipelineContext, key: RunKey, control: StepControl): Promise<RunStep> {
  const { ledger, settings, worker } = context;
  const opened = await openStage(ledger, { key, worker, heldMs: settings.timeouts.leaseMs });
  if (opened.kind === 'unknown') throw new UnknownRun(`There is no run ${key.runId} in this workspace.`);
  if (opened.kind === 'busy') throw new StageBusy('Another worker is at this stage.');
  if (opened.kind === 'closed' && (await repairedSince(context, opened.facts))) return runStage(context, key, control);
  if (opened.kind === 'open') await workOn(context, key, opened, control);
  return stepOf(context, key);
}

/** Where the run stands, for its workflow. @throws UnknownRun */
export async function stepOf({ ledger }: Pick<PipelineContext, 'ledger'>, key: RunKey): Promise<RunStep> {
  const facts = await readRunFacts(ledger.db, key);
  if (!facts) throw new UnknownRun(`There is no run ${key.runId} in this workspace.`);
  const { run, stage, spec } = facts;
  const { state, terminal, wakeAt } = run;
  const due = wakeAt === null || wakeAt <= ledger.clock.now();
  return {
    state,
    stageId: stage.stageId,
    terminal,
    goesOn: !hasEnded(state) && (stage.state === 'pending' || stage.state === 'running') && due,
    wakeAt: wakeAt?.toISOString() ?? null,
    timeoutMs: spec.timeoutMs,
    says: stage.says ?? stage.cause?.text ?? null,
    cause: stage.cause?.code ?? null,
  };
}

/** A publish that a stage had given up may have gone live since, by a replay of its own: then the stage is worked on again. */
async function repairedSince({ ledger }: PipelineContext, { run, stage }: RunFacts): Promise<boolean> {
  if (stage.state !== 'failed' || stage.cause?.code !== 'publish_stopped') return false;
  const schedule = await findSchedule(ledger, run.workspaceId, scheduleIdOfRun(run.id));
  const live = schedule?.state === 'published' || schedule?.state === 'handoff_completed';
  return live && retryByItself(ledger, { workspaceId: run.workspaceId, runId: run.id });
}

type Open = Extract<StageOpened, { kind: 'open' }>;

async function workOn(context: PipelineContext, key: RunKey, opened: Open, step: StepControl): Promise<void> {
  const { attempt } = opened;
  const held = keepHeld(context, key, attempt, opened.facts.spec, step);
  try {
    await context.points.reach('stage_opened', pointsAt(key, attempt));
    // Nobody is alive who has lost the ledger: only a hold that was renewed is heard by Temporal.
    const heartbeat = () => {};
    const mayLeave = () => !held.signal.aborted;
    const control = { signal: held.signal, mayLeave, heartbeat, late: held.late };
    const called = await endOf(context, key, opened, control);
    // What was taken away is not saved: whoever has it now does.
    if (step.withdrawn.aborted) step.withdrawn.throwIfAborted();
    await context.points.reach('stage_done', pointsAt(key, attempt));
    await keepTold(context, key, attempt, called.end);
    const { stage, call } = await closingOf(context, key, opened.facts.spec, called);
    await context.points.reach('files_kept', pointsAt(key, attempt));
    const saved = await closeStage(context.ledger, key, attempt, stage, call);
    if (!saved)
      context.log.info({ runId: key.runId, stage: attempt.stageId }, 'a stage was overtaken, or its run ended');
    await context.points.reach('stage_saved', pointsAt(key, attempt));
  } finally {
    held.stop();
  }
}

/** Of what a program or an address tells beside what it made. */
const TOLD_CHARS = 16_000;

async function keepTold({ ledger }: PipelineContext, key: RunKey, attempt: StageAttempt, end: StageEnd): Promise<void> {
  if (end.kind !== 'made' || end.evidence === undefined) return;
  const text = JSON.stringify(end.evidence);
  const told = text.length <= TOLD_CHARS ? end.evidence : toPlainText(text, TOLD_CHARS);
  await keepEvidence(ledger, key, attempt, { told });
}

const BEATS = 4;

/** Says that the attempt is alive while it is; its signal fires when it must end. */
function keepHeld(context: PipelineContext, key: RunKey, attempt: StageAttempt, spec: StageSpec, control: StepControl) {
  const { ledger, settings, log } = context;
  const { leaseMs, heartbeatMs } = settings.timeouts;
  const lost = new AbortController();
  const beat = setInterval(() => {
    holdStage(ledger, key, attempt, leaseMs).then(
      (held) => (held ? control.heartbeat(attempt.stageId) : lost.abort()),
      (error: unknown) => log.warn({ why: String(error), runId: key.runId }, 'a stage could not be held'),
    );
  }, Math.min(leaseMs, heartbeatMs) / BEATS);
  const late = AbortSignal.timeout(spec.timeoutMs);
  return {
    signal: AbortSignal.any([lost.signal, control.withdrawn, late]),
    late: () => late.aborted,
    stop: () => clearInterval(beat),
  };
}

type Control = StageTask['control'] & { readonly late: () => boolean };

async function endOf(
  context: PipelineContext,
  key: RunKey,
  { facts, attempt, evidence, inputs }: Open,
  control: Control,
): Promise<Called> {
  const { spec } = facts;
  const missing = spec.inputs.find((name) => !isGroup(name) && !inputs.has(name));
  if (missing !== undefined) {
    return withoutCall(failed(stageCause('input_missing', `"${missing}" is not there; no stage has made it.`)));
  }
  try {
    const work = workOf(context, facts, inputs);
    const blocked = await gateFault(context, key, facts, work);
    if (blocked) return withoutCall(failed(blocked));
    const task: StageTask = { key, facts, attempt, evidence, work, requestHash: requestHash(facts, inputs), control };
    const run: RunTask = (given) =>
      runnerOf(context, spec)(given).catch((error: unknown) => endOfFault(context, key, spec, control, error));
    return keepsCalls(spec) ? await callOnce(context, task, run) : withoutCall(await run(task));
  } catch (error) {
    return withoutCall(endOfFault(context, key, spec, control, error));
  }
}

const failed = (cause: StageCause): StageEnd => ({ kind: 'failed', cause });
const withoutCall = (end: StageEnd): Called => ({ end, call: null });

/** @throws what says that somebody should come again */
function endOfFault(
  context: PipelineContext,
  key: RunKey,
  spec: StageSpec,
  control: Control,
  error: unknown,
): StageEnd {
  if (error instanceof BadInput) return failed(error.cause);
  if (error instanceof StageBusy) throw error;
  if (control.late()) return overdue(spec);
  if (control.signal.aborted || isDatabaseDown(error)) throw error;
  context.log.error({ err: error, runId: key.runId, stage: spec.id }, 'a stage failed in a way nobody foresaw');
  return brokeOff(
    spec.effect,
    stageCause('fault', 'Oncepost met a fault of its own at this stage; the log has the details.'),
  );
}

function overdue(spec: StageSpec): StageEnd {
  const text = `It took longer than the ${Math.round(spec.timeoutMs / 1_000)} s that the stage allows.`;
  return brokeOff(spec.effect, stageCause('timed_out', text));
}
