// Our own programs that do one thing and end: the migration, the practice posts.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { lastLines, openLog } from '../runtime/log-file.ts';
import { diskFull, StartRefused, tellsFullDisk } from '../runtime/start-refused.ts';
import { type ChildContext, refusedExitCode } from './child.ts';
import { followOutput } from './output.ts';

/** How a one-shot program ended: `ok`, or its own words. */
export type OneShotEnd =
  | { readonly ok: true }
  | { readonly ok: false; readonly refused: boolean; readonly said: string; readonly logPath: string };

/** Runs the program to its end; `doing` is told again every 5 s with the seconds gone. Ended early when the signal says so. */
export async function runOneShot(
  name: string,
  args: readonly string[],
  doing: string,
  context: ChildContext,
  signal: AbortSignal,
): Promise<OneShotEnd> {
  const log = openLog(join(context.dataFolder, 'logs', `${name}.log`));
  const began = performance.now();
  const ticking = setInterval(
    () => context.print(`${doing}: ${Math.round((performance.now() - began) / 1000)} s so far`),
    5_000,
  );
  const child = spawn(process.execPath, args, {
    env: context.environment,
    detached: true,
    // With a channel, so that a refusal has its own exit code.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    signal,
  });
  const said = followOutput(child, log, (line) => context.print(`${name}: ${line}`));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearInterval(ticking);
  signal.throwIfAborted();
  if (code === 0) return { ok: true };
  return { ok: false, refused: code === refusedExitCode, said: said.lines().join('\n'), logPath: log.path };
}

/** Brings the database to the version of this program. @throws StartRefused when that fails: nothing can run without it. */
export async function migrate(args: readonly string[], context: ChildContext, signal: AbortSignal): Promise<void> {
  const end = await runOneShot('migrate', args, 'Preparing the database', context, signal);
  if (end.ok) return;
  if (tellsFullDisk(end.said)) throw diskFull(context.dataFolder);
  if (end.refused && end.said !== '') throw new StartRefused(end.said);
  throw new StartRefused(
    `The database could not be prepared (${lastLines(end.said, 1)}; all of it: ${end.logPath}); its data is as it was before; repair that and start again.`,
  );
}
