// The work of one step of a run: the present stage is taken up, its runner does its work, and how that ended is saved, whatever it is
// (law 8). Who was overtaken saves nothing.
import { declaredAs, isGroup, names } from '../../domain/pipeline/artifact-names.ts';
import type { StageSpec } from '../../domain/pipeline/contract.ts';
import { type RunKey, scheduleIdOfRun } from '../../domain/pipeline/run-id.ts';
import type { RunStep } from '../../domain/pipeline/run-step.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { hasEnded } from '../../domain/pipeline/states.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import type { ArtifactRow } from '../../ledger/runs/artifacts.ts';
import { closeStage, type StageClosing } from '../../ledger/runs/close-stage.ts';
import { retryByItself } from '../../ledger/runs/lost-runs.ts';
import { holdStage, openStage, type StageAttempt, type StageOpened } from '../../ledger/runs/open-stage.ts';
import { type RunFacts, readRunFacts } from '../../ledger/runs/run-facts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { keepArtifact, readArtifact } from '../artifacts/artifact-bytes.ts';
import { BadInput } from '../builtin/read-input.ts';
import type { PipelineContext } from '../context.ts';
import type { MadeFile, StageEnd, StageInput } from '../runners/runner.ts';
import { misfitOf } from './fits-contract.ts';
import { gateFault } from './gates.ts';
import { runnerOf } from './runner-of.ts';
import { pointsAt, type StageTask } from './stage-task.ts';

/** There is no such run: nothing can be done for it. */
export class UnknownRun extends Error {
  override readonly name = 'UnknownRun';
}

/** Another worker is at the stage; whoever asked comes again. */
export class StageBusy extends Error {
  override readonly name = 'StageBusy';
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

async function workOn(context: PipelineContext, key: RunKey, opened: Open, control: StepControl): Promise<void> {
  const { attempt } = opened;
  const held = keepHeld(context, key, attempt, opened.facts.spec, control);
  try {
    await context.points.reach('stage_opened', pointsAt(key, attempt));
    // Nobody is alive who has lost the ledger: only a hold that was renewed is heard by Temporal.
    const heartbeat = () => {};
    const end = await endOf(context, key, opened, { signal: held.signal, heartbeat, late: held.late });
    // What was taken away is not saved: whoever has it now does.
    if (control.withdrawn.aborted) control.withdrawn.throwIfAborted();
    await context.points.reach('stage_done', pointsAt(key, attempt));
    const closing = await closingOf(context, key, opened.facts.spec, end);
    await context.points.reach('files_kept', pointsAt(key, attempt));
    const saved = await closeStage(context.ledger, key, attempt, closing);
    if (!saved)
      context.log.info({ runId: key.runId, stage: attempt.stageId }, 'a stage was overtaken, or its run ended');
    await context.points.reach('stage_saved', pointsAt(key, attempt));
  } finally {
    held.stop();
  }
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

async function endOf(
  context: PipelineContext,
  key: RunKey,
  { facts, attempt, evidence, inputs }: Open,
  control: StageTask['control'] & { readonly late: () => boolean },
): Promise<StageEnd> {
  const { spec } = facts;
  const missing = spec.inputs.find((name) => !isGroup(name) && !inputs.has(name));
  if (missing !== undefined) {
    return { kind: 'failed', cause: stageCause('input_missing', `"${missing}" is not there; no stage has made it.`) };
  }
  try {
    const work = workOf(context, facts, inputs);
    const blocked = await gateFault(context, key, facts, work);
    if (blocked) return { kind: 'failed', cause: blocked };
    const task: StageTask = { key, facts, attempt, evidence, work, control };
    return await runnerOf(context, spec)(task);
  } catch (error) {
    if (error instanceof BadInput) return { kind: 'failed', cause: error.cause };
    if (control.late()) return overdue(spec);
    if (control.signal.aborted || isDatabaseDown(error)) throw error;
    context.log.error({ err: error, runId: key.runId, stage: spec.id }, 'a stage failed in a way nobody foresaw');
    const cause = stageCause('fault', 'Oncepost met a fault of its own at this stage; the log has the details.');
    return { kind: spec.effect === 'once' ? 'unknown' : 'failed', cause };
  }
}

function overdue(spec: StageSpec): StageEnd {
  const cause = stageCause(
    'timed_out',
    `It took longer than the ${Math.round(spec.timeoutMs / 1_000)} s that the stage allows.`,
  );
  return { kind: spec.effect === 'once' ? 'unknown' : 'failed', cause };
}

function workOf(context: PipelineContext, { run, stage, spec }: RunFacts, inputs: ReadonlyMap<string, ArtifactRow>) {
  const { workspaceId, id: runId, pipeline, slug, zone, title } = run;
  const given = spec.inputs.flatMap((declared) => [...inputs.values()].filter(({ name }) => names(declared, name)));
  const digests = given.map(({ name, sha256 }) => `${name}=${sha256}`);
  return {
    workspaceId,
    runId,
    pipeline,
    stage: spec,
    attempt: stage.attempts,
    key: sha256Hex([workspaceId, runId, spec.id, ...digests].map((part) => `${part.length}:${part}`).join('')),
    slug,
    zone,
    title,
    inputs: given.map(
      ({ name, mediaType, sha256, sizeBytes }): StageInput => ({
        name,
        mediaType,
        sha256,
        sizeBytes,
        bytes: () => readArtifact(context, workspaceId, sha256),
      }),
    ),
  };
}

async function closingOf(
  context: PipelineContext,
  { workspaceId }: RunKey,
  spec: StageSpec,
  end: StageEnd,
): Promise<StageClosing> {
  if (end.kind === 'failed' && end.files !== undefined) {
    return { kind: 'failed', cause: end.cause, artifacts: await kept(context, workspaceId, spec, end.files) };
  }
  if (end.kind !== 'made') return blockedWhereItIsOne(end);
  const misfit = misfitOf(spec, end.files);
  if (misfit) return { kind: spec.effect === 'once' ? 'unknown' : 'failed', cause: misfit };
  const artifacts = await kept(context, workspaceId, spec, end.files);
  return { kind: 'made', artifacts, alreadyTrue: end.alreadyTrue === true };
}

function kept(context: PipelineContext, workspaceId: string, spec: StageSpec, files: readonly MadeFile[]) {
  return Promise.all(
    files.map(async ({ name, bytes }) => {
      const mediaType = declaredAs(spec.artifacts, name)?.mediaType ?? 'application/octet-stream';
      return { name, mediaType, ...(await keepArtifact(context, workspaceId, bytes)) };
    }),
  );
}

/** What a person decides about before anything happens is no failure of the stage. */
const BLOCKING: ReadonlySet<string> = new Set([
  'gate_blocked',
  'asset_missing',
  'content_conflict',
  'rejected',
  'markers_found',
]);

function blockedWhereItIsOne(end: Exclude<StageEnd, { kind: 'made' }>): StageClosing {
  return end.kind === 'failed' && BLOCKING.has(end.cause.code) ? { kind: 'blocked', cause: end.cause } : end;
}
