// What a first start makes to practise on. When it cannot be made all else runs on, and the next start tries again.
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from '../runtime/private-file.ts';
import type { ChildContext } from './child.ts';
import { runOneShot } from './one-shot.ts';

/** One thing to practise on. `version` is raised when there is more of it; a data folder of an earlier version gets what it lacks. */
interface Practice {
  readonly name: string;
  readonly marker: string;
  readonly version: string;
  /** What is made, in the middle of a sentence. */
  readonly what: string;
}

export const PRACTICE_PUBLISHES: Practice = {
  name: 'practice',
  marker: 'practice.done',
  version: '2',
  what: 'practice publishes',
};
export const PRACTICE_RUNS: Practice = {
  name: 'practice-runs',
  marker: 'practice-runs.done',
  version: '1',
  what: 'practice runs',
};

/** True where there is something to practise on now that was not there before. */
export async function practiseOnce(
  { name, marker, version, what }: Practice,
  args: readonly string[],
  context: ChildContext,
  stopping: AbortSignal,
): Promise<boolean> {
  const done = join(context.dataFolder, marker);
  if ((await readIfThere(done))?.trim() === version) return false;
  context.print(`Making the ${what} of the sandbox workspace (first start of this version)`);
  const end = await runOneShot(name, args, `Making the ${what}`, context, stopping);
  if (end.ok) {
    await writePrivateFile(done, version);
    return true;
  }
  context.print(
    `The ${what} could not all be made (its log: ${end.logPath}); everything else runs; the next start tries again.`,
  );
  return false;
}
