// The section of pipelines as the contract that runs are made by.
import type { ArtifactSpec, PipelineContract, RunnerSpec, StageSpec } from '../../domain/pipeline/contract.ts';
import type { PipelineFile } from './pipelines-schema.ts';

const TEN_MINUTES_MS = 10 * 60_000;
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 15 * 60_000;
const OUTPUT_BYTES = 1_048_576;

type StageFile = PipelineFile['stages'][number];
type ArtifactFile = NonNullable<PipelineFile['inputs']>[number];

export function toPipeline(name: string, file: PipelineFile): PipelineContract {
  return {
    name,
    destination: file.destination ?? null,
    zones: file.zones ?? {},
    inputs: (file.inputs ?? []).map(toArtifact),
    stages: file.stages.map((stage, index) => toStage(stage, file.stages[index + 1]?.id ?? null)),
  };
}

/** The stage after it is the next of the list, unless it names another or the run ends with it. */
function toStage(stage: StageFile, following: string | null): StageSpec {
  const { id, inputs = [], artifacts = [], gates = [], timeout = TEN_MINUTES_MS, retry, effect = 'none' } = stage;
  const terminal = stage.terminal ?? null;
  return {
    ...runnerOf(stage),
    id,
    inputs,
    artifacts: artifacts.map(toArtifact),
    gates,
    timeoutMs: timeout,
    retry: {
      attempts: retry?.attempts ?? 1,
      firstMs: retry?.first ?? FIRST_RETRY_MS,
      maxMs: retry?.max ?? LONGEST_RETRY_MS,
    },
    effect,
    next: stage.next ?? (terminal === null ? following : null),
    terminal,
  };
}

function runnerOf(stage: StageFile): RunnerSpec {
  switch (stage.runner) {
    case 'builtin':
      return { runner: 'builtin', uses: stage.uses };
    case 'command': {
      const { command, env = [], max_output = OUTPUT_BYTES, lookup } = stage;
      return { runner: 'command', command, env, maxOutputBytes: max_output, ...(lookup ? { lookup } : {}) };
    }
    case 'http': {
      const { url, secret_headers = {}, private_address = false, lookup_url = null } = stage;
      return {
        runner: 'http',
        url,
        secretHeaders: secret_headers,
        privateAddress: private_address,
        lookupUrl: lookup_url,
      };
    }
    case 'mcp':
      return { runner: 'mcp', server: stage.server, tool: stage.tool, lookup: stage.lookup ?? null };
    case 'human':
      return { runner: 'human', asks: stage.asks ?? 'Hand in what this stage makes.' };
  }
}

function toArtifact({ name, media_type, schema }: ArtifactFile): ArtifactSpec {
  return { name, mediaType: media_type, ...(schema ? { schema } : {}) };
}
