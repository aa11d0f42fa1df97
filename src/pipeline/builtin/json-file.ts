// The one artifact of a stage of ours, as JSON that reads well.
import type { StageSpec } from '../../domain/pipeline/contract.ts';
import type { MadeFile } from '../runners/runner.ts';

/** Under the name that the contract gives it. */
export function jsonFile({ artifacts }: Pick<StageSpec, 'artifacts'>, value: unknown): MadeFile {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  return { name: artifacts[0]?.name ?? '', bytes };
}
