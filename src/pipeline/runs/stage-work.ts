// What a runner is told of the attempt it works on.
import { names } from '../../domain/pipeline/artifact-names.ts';
import type { StageSpec } from '../../domain/pipeline/contract.ts';
import { requestText, type ToolCallSubject, toolCallText } from '../../domain/tool-calls/tool-call.ts';
import type { ArtifactRow } from '../../ledger/runs/artifacts.ts';
import type { RunFacts } from '../../ledger/runs/run-facts.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { readArtifact } from '../artifacts/artifact-bytes.ts';
import type { PipelineContext } from '../context.ts';
import type { StageInput, StageWork } from '../runners/runner.ts';

type Inputs = ReadonlyMap<string, ArtifactRow>;

export function workOf(context: PipelineContext, facts: RunFacts, inputs: Inputs): StageWork {
  const { run, stage, spec } = facts;
  const { workspaceId, id: runId, pipeline, slug, zone, title } = run;
  return {
    workspaceId,
    runId,
    pipeline,
    stage: spec,
    attempt: stage.attempts,
    key: sha256Hex(toolCallText(callSubject(facts, inputs))),
    slug,
    zone,
    title,
    inputs: given(spec, inputs).map(
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

const given = (spec: StageSpec, inputs: Inputs) =>
  spec.inputs.flatMap((declared) => [...inputs.values()].filter(({ name }) => names(declared, name)));

/** What the stage does outside, as a tool call: everything that it is told but which attempt it is. */
function callSubject({ run, spec }: RunFacts, inputs: Inputs): ToolCallSubject {
  const { workspaceId, id: runId, pipeline, slug, zone, title } = run;
  const digests = given(spec, inputs).map(({ name, sha256 }) => [name, sha256]);
  const outputs = spec.artifacts.map(({ name, mediaType }) => [name, mediaType]);
  const request = { ...askedOf(spec), pipeline, slug, zone, title, inputs: digests, outputs };
  return { workspaceId, task: runId, step: spec.id, action: actionOf(spec), request };
}

/** SHA-256 over the request as it is. */
export function requestHash(facts: RunFacts, inputs: Inputs): string {
  return sha256Hex(requestText(callSubject(facts, inputs).request));
}

/** Who is asked, in a few words without any secret. */
export function actionOf(spec: StageSpec): string {
  switch (spec.runner) {
    case 'http':
      return `http ${new URL(spec.url).host}`;
    case 'mcp':
      return `mcp ${spec.server}/${spec.tool}`;
    case 'command':
      return `command ${(spec.command[0] ?? '').slice(0, 200)}`;
    case 'builtin':
      return `builtin ${spec.uses}`;
    case 'human':
      return 'human';
  }
}

function askedOf(spec: StageSpec) {
  if (spec.runner === 'http') return { url: spec.url };
  return spec.runner === 'command' ? { command: spec.command } : {};
}
