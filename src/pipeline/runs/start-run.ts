// Takes a run in, whole or not at all, and starts its workflow.

import type { Client, Workflow, WorkflowStartOptions } from '@temporalio/client';
import canonicalize from 'canonicalize';
import type { Actor } from '../../domain/people/actor.ts';
import type { PipelineContract } from '../../domain/pipeline/contract.ts';
import { pipelineWorkflowId, type RunKey, runIdOf } from '../../domain/pipeline/run-id.ts';
import { type HandedFiles, type RunRequest, runRequestSchema } from '../../domain/pipeline/run-request.ts';
import { contractText } from '../../domain/pipeline/version.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import { toPlainText } from '../../domain/text/plain-text.ts';
import { findRun, insertRun, markRunStarted } from '../../ledger/runs/runs.ts';
import { workspaceNameOf } from '../../ledger/workspaces/workspaces.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { refusal } from '../../publishing/intake/version.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { keepArtifact } from '../artifacts/artifact-bytes.ts';
import type { PipelineContext } from '../context.ts';
import { fittingFiles } from './handed-files.ts';

export interface RunIntake {
  readonly workspaceId: string;
  readonly actor: Actor;
  /** Used when the request names no id. */
  readonly fallbackId?: string | undefined;
}

export interface RunTakenIn extends RunKey {
  readonly workflowId: string;
  readonly pipeline: string;
  /** False when the same run was taken in before. */
  readonly created: boolean;
}

type IntakeContext = Pick<PipelineContext, 'ledger' | 'settings' | 'store'>;

/** @throws IntakeRefused with the fields and limits that were not met; nothing is stored then */
export async function takeInRun(context: IntakeContext, intake: RunIntake, request: unknown): Promise<RunTakenIn> {
  const parsed = runRequestSchema.safeParse(request);
  if (!parsed.success) throw new IntakeRefused('invalid_run', fieldProblems(parsed.error));
  const wanted = parsed.data;
  const contract = contractOf(context, wanted);
  const zone = zoneOf(contract, wanted);
  const runId = wanted.id ?? intake.fallbackId ?? runIdOf(wanted.slug, context.ledger.clock.now());
  const key = { workspaceId: intake.workspaceId, runId };
  const takenInAs = sha256Hex(canonicalize({ ...wanted, id: runId, zone }) ?? '');
  const known = await findRun(context.ledger, key);
  if (known) return sameOrConflict(known, takenInAs);
  const given = await keepGiven(context, contract, intake.workspaceId, wanted.files);
  const workflowId = pipelineWorkflowId(await workspaceNameOf(context.ledger, intake.workspaceId), runId);
  const version = sha256Hex(contractText(contract));
  const { slug, title = null } = wanted;
  const row = { ...key, workflowId, contract, version, takenInAs, slug, zone, title, given, creator: intake.actor };
  if (await insertRun(context.ledger, row)) return { ...key, workflowId, pipeline: contract.name, created: true };
  const raced = await findRun(context.ledger, key);
  if (raced) return sameOrConflict(raced, takenInAs);
  throw refusal('run_conflict', 'id', 'is already taken; choose another id');
}

function contractOf({ settings }: IntakeContext, { pipeline }: RunRequest): PipelineContract {
  const contract = Object.hasOwn(settings.pipelines, pipeline) ? settings.pipelines[pipeline] : undefined;
  if (contract) return contract;
  const names = Object.keys(settings.pipelines).join(', ') || 'none: temporal.yaml names no pipeline';
  throw refusal(
    'invalid_run',
    'pipeline',
    `"${toPlainText(pipeline, 63)}" is no pipeline of this server`,
    `one of ${names}`,
  );
}

function zoneOf({ zones }: PipelineContract, { zone }: RunRequest): string {
  const names = Object.keys(zones);
  const [only, ...others] = names;
  if (zone === undefined && others.length === 0) return only ?? '';
  if (zone !== undefined && names.includes(zone)) return zone;
  const limit = names.length === 0 ? 'none: the pipeline has no zones' : `one of ${names.join(', ')}`;
  throw refusal('invalid_run', 'zone', zone === undefined ? 'is missing' : 'is no zone of this pipeline', limit);
}

async function keepGiven(context: IntakeContext, contract: PipelineContract, workspaceId: string, files: HandedFiles) {
  const fitting = fittingFiles(contract.inputs, files);
  if ('misfit' in fitting) throw refusal('invalid_run', fitting.field, fitting.misfit);
  const kept = fitting.map(async ({ name, mediaType, bytes }) => {
    return { name, mediaType, ...(await keepArtifact(context, workspaceId, bytes)) };
  });
  return Promise.all(kept);
}

function sameOrConflict(
  { workspaceId, id, workflowId, pipeline, takenInAs }: NonNullable<Awaited<ReturnType<typeof findRun>>>,
  asked: string,
): RunTakenIn {
  if (takenInAs === asked) return { workspaceId, runId: id, workflowId, pipeline, created: false };
  throw refusal('run_conflict', 'id', 'already names a run that was started with something else; choose another id');
}

/** The options by which every door of ours starts a run; a start of what already runs finds the running one. */
function runStartOptions(
  { settings }: Pick<PipelineContext, 'settings'>,
  { workspaceId, runId, workflowId, pipeline }: Pick<RunTakenIn, 'workspaceId' | 'runId' | 'workflowId' | 'pipeline'>,
): WorkflowStartOptions<Workflow> {
  return {
    workflowId,
    taskQueue: settings.taskQueues.publish.name,
    args: [{ runId }],
    priority: { fairnessKey: workspaceId },
    workflowIdConflictPolicy: 'USE_EXISTING',
    // The ledger, not the workflow id, says what was done: a closed run of it may be followed by another.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: toPlainText(`${pipeline}: ${runId}`, 100),
  };
}

const STARTED_WITHIN_MS = 3_000;

/** Starts the workflow. It is stored: whatever fails here, the sweep makes up for it. Answers whether it was started. */
export async function startRun(
  context: Pick<PipelineContext, 'ledger' | 'settings' | 'log'>,
  client: Client,
  taken: Pick<RunTakenIn, 'workspaceId' | 'runId' | 'workflowId' | 'pipeline'>,
): Promise<boolean> {
  const { ledger, log } = context;
  try {
    const deadline = ledger.clock.machineNow().getTime() + STARTED_WITHIN_MS;
    await client.withDeadline(deadline, () => client.workflow.start('pipeline', runStartOptions(context, taken)));
    await markRunStarted(ledger, taken);
    return true;
  } catch (error) {
    log.warn(
      { why: String(error), runId: taken.runId },
      'the workflow of a run could not be started; the sweep starts it',
    );
    return false;
  }
}
