// Whether what a stage made is what the contract says it makes.
import type { StageSpec } from '../../domain/pipeline/contract.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import type { MadeFile } from '../runners/runner.ts';

/** Why the files are not what the stage declares, or null when they are. */
export function misfitOf({ artifacts }: Pick<StageSpec, 'artifacts'>, files: readonly MadeFile[]): StageCause | null {
  const missing = artifacts.find(({ name }) => !files.some((file) => file.name === name));
  if (missing) return stageCause('answer_misfit', `"${missing.name}" is missing.`);
  const undeclared = files.find(({ name }) => !artifacts.some((artifact) => artifact.name === name));
  return undeclared ? stageCause('answer_misfit', `"${undeclared.name}" is not declared by the contract.`) : null;
}
