// What is wrong with a contract as a whole, although each of its keys is right by itself.
import { isGroup, overlap } from './artifact-names.ts';
import { BUILTINS, inOrder, type PipelineContract, type StageSpec } from './contract.ts';

/** One fault: the keys that lead to it, below the pipeline's own, and one sentence on what is allowed. */
export interface ContractFault {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

/** Every fault of the contract, in the order in which a reader meets them. */
export function* contractFaults(contract: PipelineContract): Generator<ContractFault> {
  yield* unknownNext(contract);
  yield* endsAndGoesOn(contract);
  yield* repeated(contract);
  const faulty = [...unreached(contract)];
  yield* faulty;
  if (faulty.length > 0) return;
  yield* unmadeInputs(contract);
  for (const [index, stage] of contract.stages.entries()) {
    yield* builtinFaults(contract, stage, ['stages', index]);
    yield* effectFaults(stage, ['stages', index]);
  }
}

function* unknownNext({ stages }: PipelineContract): Generator<ContractFault> {
  const known = stages.map(({ id }) => id);
  for (const [index, { next }] of stages.entries()) {
    if (next === null || known.includes(next)) continue;
    const reason = `"${next}" is no stage of this pipeline; allowed: ${known.join(', ')}.`;
    yield { path: ['stages', index, 'next'], reason };
  }
}

function* endsAndGoesOn({ stages }: PipelineContract): Generator<ContractFault> {
  for (const [index, { id, next, terminal }] of stages.entries()) {
    if (next === null || terminal === null) continue;
    const reason = `${id} names both the stage after it and the word with which a run ends; allowed: next or terminal.`;
    yield { path: ['stages', index, 'next'], reason };
  }
}

function* repeated({ stages, inputs }: PipelineContract): Generator<ContractFault> {
  const ids = new Set<string>();
  const made = inputs.map(({ name }) => ({ name, maker: 'what the run is given' }));
  for (const [index, stage] of stages.entries()) {
    if (ids.has(stage.id)) {
      yield {
        path: ['stages', index, 'id'],
        reason: `two stages are called "${stage.id}"; allowed: one of each name.`,
      };
    }
    ids.add(stage.id);
    for (const [at, { name, mediaType }] of stage.artifacts.entries()) {
      const path = ['stages', index, 'artifacts', at];
      const other = made.find((one) => overlap(one.name, name));
      if (other !== undefined) {
        const reason = `"${name}" is made twice, by ${other.maker} and by the stage ${stage.id}; allowed: one maker of each artifact.`;
        yield { path: [...path, 'name'], reason };
      }
      if (isGroup(name) && !mediaType.startsWith('image/')) {
        const reason = `"${name}" stands for any number of files; allowed: a media type of pictures, such as image/png.`;
        yield { path: [...path, 'media_type'], reason };
      }
      made.push({ name, maker: `the stage ${stage.id}` });
    }
  }
}

/** The way from the first stage: it must end, and pass every stage on it. */
function* unreached(contract: PipelineContract): Generator<ContractFault> {
  const way = inOrder(contract);
  const last = way.at(-1);
  if (last && last.next !== null && last.terminal === null) {
    const reason = `the way leads from ${last.id} back to ${last.next}, so no run would end; allowed: a way that ends at a stage with terminal.`;
    yield { path: [...placeOf(contract, last), 'next'], reason };
    return;
  }
  if (last && last.terminal === null) {
    const reason = `${last.id} is the last stage and names no terminal; allowed: terminal, the state in which a run ends.`;
    yield { path: placeOf(contract, last), reason };
  }
  for (const stage of contract.stages) {
    if (way.includes(stage)) continue;
    const reason = `no way leads to the stage ${stage.id}; allowed: a stage before it whose next is ${stage.id}.`;
    yield { path: placeOf(contract, stage), reason };
  }
}

function* unmadeInputs(contract: PipelineContract): Generator<ContractFault> {
  const made = new Set(contract.inputs.map(({ name }) => name));
  const ever = new Set(contract.stages.flatMap(({ artifacts }) => artifacts.map(({ name }) => name)));
  for (const stage of inOrder(contract)) {
    for (const [at, name] of stage.inputs.entries()) {
      if (made.has(name)) continue;
      const when = ever.has(name) ? 'is made only by a later stage' : 'is made by nobody';
      const reason = `"${name}" ${when}; allowed: ${[...made].join(', ') || 'nothing, since no stage before it makes anything'}.`;
      yield { path: [...placeOf(contract, stage), 'inputs', at], reason };
    }
    for (const { name } of stage.artifacts) made.add(name);
  }
}

function* builtinFaults(
  contract: PipelineContract,
  stage: StageSpec,
  path: ContractFault['path'],
): Generator<ContractFault> {
  if (stage.runner !== 'builtin') return;
  const { needs, readsText, makes } = BUILTINS[stage.uses];
  const missing = needs.find((name) => !stage.inputs.includes(name));
  if (missing !== undefined) {
    yield { path: [...path, 'inputs'], reason: `${stage.uses} needs "${missing}" among its inputs.` };
  }
  if (readsText && !stage.inputs.some((name) => mediaTypeOf(contract, name) === 'text/markdown')) {
    yield {
      path: [...path, 'inputs'],
      reason: `${stage.uses} needs a text among its inputs; allowed: an artifact of media_type text/markdown.`,
    };
  }
  const [made, ...more] = stage.artifacts;
  if (made?.mediaType !== makes || more.length > 0) {
    yield { path: [...path, 'artifacts'], reason: `${stage.uses} makes exactly one artifact, of media_type ${makes}.` };
  }
  const published = stage.uses === 'publish' || stage.uses === 'approve' || stage.uses === 'live_qa';
  if (published && (contract.destination === null || Object.keys(contract.zones).length === 0)) {
    yield {
      path: [...path, 'uses'],
      reason: `${stage.uses} needs the pipeline to name its destination and at least one zone.`,
    };
  }
}

function* effectFaults(stage: StageSpec, path: ContractFault['path']): Generator<ContractFault> {
  if (stage.effect !== 'none' && (stage.runner === 'builtin' || stage.runner === 'human')) {
    const reason = `a stage of runner ${stage.runner} has no effect of its own; allowed: none.`;
    yield { path: [...path, 'effect'], reason };
  }
  if (stage.effect === 'once' && stage.retry.attempts > 1) {
    const reason =
      'an effect that must happen once is not tried again by itself; allowed: attempts 1, or effect idempotent.';
    yield { path: [...path, 'retry', 'attempts'], reason };
  }
}

/** The type of an artifact, whoever makes it. */
function mediaTypeOf(
  { inputs, stages }: Pick<PipelineContract, 'inputs' | 'stages'>,
  name: string,
): string | undefined {
  const all = [...inputs, ...stages.flatMap(({ artifacts }) => artifacts)];
  return all.find((artifact) => artifact.name === name)?.mediaType;
}

function placeOf({ stages }: PipelineContract, stage: StageSpec): ContractFault['path'] {
  return ['stages', stages.indexOf(stage)];
}
