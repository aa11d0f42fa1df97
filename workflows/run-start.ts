// Reads the one object a run is started with, by whoever: our own doors, another program, or a person in the Temporal UI.
import { ApplicationFailure } from '@temporalio/workflow';
import { isRunId, readPipelineWorkflowId } from '../src/domain/pipeline/run-id.ts';
import { toPlainText } from '../src/domain/text/plain-text.ts';
import { UNREADABLE } from './unreadable.ts';

export type RunStart = { readonly run: unknown } | { readonly runId: string };

const HELP =
  'Start it with one JSON object, {"runId": "<id>"} for a run that was taken in, or {"run": {"pipeline": "...", "slug": "...", ' +
  '"files": {...}}}, under the workflow id pipeline/<workspace>/<YYYYMMDD-HHMMSS-slug>. Nothing was started.';

/** @throws ApplicationFailure `InvalidStart`, final, with what is wrong and what to send instead. */
export function readRunStart(input: unknown, workflowId: string): RunStart {
  if (input === UNREADABLE || typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid('A run was started without a readable object.');
  }
  const named = readPipelineWorkflowId(workflowId);
  if (!named || !isRunId(named.runId)) {
    throw invalid(`The workflow id "${toPlainText(workflowId, 200)}" names no workspace and run.`);
  }
  const [key, ...more] = Object.keys(input);
  if (more.length === 0 && key === 'run' && 'run' in input) return { run: input.run };
  if (more.length === 0 && 'runId' in input && input.runId === named.runId) return { runId: named.runId };
  throw invalid('A run was started without exactly one of "run" and the "runId" of its workflow id.');
}

function invalid(what: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`${what} ${HELP}`, 'InvalidStart');
}
