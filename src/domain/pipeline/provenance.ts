// Where an artifact comes from, so that what is published can be followed back to the brief.
import type { Actor } from '../people/actor.ts';
import { isGroup } from './artifact-names.ts';
import type { PipelineContract, RunnerName } from './contract.ts';

/** Of one version of one artifact. */
export interface Provenance {
  /** Null: the run was given it when it started. */
  readonly stage: string | null;
  /** Counted from 1; 0 for what the run was given. */
  readonly attempt: number;
  readonly runner: RunnerName | null;
  /** Who handed it in; null: a runner made it. */
  readonly by: Actor | null;
  /** The digests of what it was made from, by name. */
  readonly inputs: Readonly<Record<string, string>>;
}

export interface ArtifactFact {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly provenance: Provenance;
}

/**
 * An artifact that does not name the digest of everything its stage was to be given: nobody can follow it back to the brief.
 * `artifacts` and `before`: as below.
 */
export function untracedArtifact(
  artifacts: readonly ArtifactFact[],
  { stages }: Pick<PipelineContract, 'stages'>,
  before: ReadonlySet<string>,
): { readonly name: string; readonly lacks: string } | null {
  for (const { name, provenance } of artifacts) {
    const stage = stages.find(({ id }) => id === provenance.stage && before.has(id));
    const lacks = stage?.inputs.find((input) => !isGroup(input) && !Object.hasOwn(provenance.inputs, input));
    if (lacks !== undefined) return { name, lacks };
  }
  return null;
}

/**
 * The artifacts that were made from something that is no longer the newest: their digests do not name what stands there now.
 * `artifacts`: the newest version of each. `before`: the stages whose work counts; what later ones made before the run went back
 * is made anew when their turn comes.
 */
export function staleArtifacts(artifacts: readonly ArtifactFact[], before: ReadonlySet<string>): readonly string[] {
  const newest = new Map(artifacts.map(({ name, sha256 }) => [name, sha256]));
  return artifacts
    .filter(({ provenance }) => provenance.stage === null || before.has(provenance.stage))
    .filter(({ provenance }) =>
      Object.entries(provenance.inputs).some(([name, sha256]) => newest.has(name) && newest.get(name) !== sha256),
    )
    .map(({ name }) => name);
}
