// What is saved of how an attempt ended: its files kept first, then its state and that of its call.
import { declaredAs } from '../../domain/pipeline/artifact-names.ts';
import { canLook, type StageSpec } from '../../domain/pipeline/contract.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { StageClosing } from '../../ledger/runs/close-stage.ts';
import type { CallEnd } from '../../ledger/tool-calls/tool-calls.ts';
import { keepArtifact } from '../artifacts/artifact-bytes.ts';
import type { PipelineContext } from '../context.ts';
import type { MadeFile, StageEnd } from '../runners/runner.ts';
import { misfitOf } from './fits-contract.ts';
import type { Called } from './tool-call.ts';

export interface Closing {
  readonly stage: StageClosing;
  /** Of the call whose end is known by that, where there was one. */
  readonly call: { readonly key: string; readonly end: CallEnd } | null;
}

export async function closingOf(
  context: PipelineContext,
  key: RunKey,
  spec: StageSpec,
  { end, call }: Called,
): Promise<Closing> {
  const stage = await stageClosing(context, key, spec, end);
  if (call === null) return { stage, call };
  const ended = { key: call.key, end: callEnd(stage, end, call.by) };
  if (stage.kind !== 'unknown' || !canLook(spec)) return { stage, call: ended };
  const { firstLookMs } = context.settings.reconcile;
  const lookAt = new Date(context.ledger.clock.now().getTime() + firstLookMs);
  return { stage: { ...stage, lookAt }, call: ended };
}

function callEnd(stage: StageClosing, end: StageEnd, by: CallEnd['by']): CallEnd {
  switch (stage.kind) {
    case 'made':
      return { state: 'succeeded', by, result: stage.artifacts };
    // It was told to come again later, so it did nothing.
    case 'waiting':
      return { state: 'failed', by, cause: null };
    case 'unknown':
      return { state: 'unknown', by, cause: stage.cause };
    case 'failed':
    case 'blocked': {
      const open = end.kind === 'made' || (end.kind === 'failed' && end.mayHave === true);
      return { state: open ? 'unknown' : 'failed', by, cause: stage.cause };
    }
  }
}

async function stageClosing(
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
  'call_mismatch',
  'not_taken',
  'destination_missing',
]);

function blockedWhereItIsOne(end: Exclude<StageEnd, { kind: 'made' }>): StageClosing {
  return end.kind === 'failed' && BLOCKING.has(end.cause.code) ? { kind: 'blocked', cause: end.cause } : end;
}
