// Our own programs as parts: started with an IPC channel over which they say `ready`, ended by SIGTERM. When we are killed the
// channel breaks, and they end by themselves; what does not is ended by the next start, from the note kept here.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { openLog } from '../runtime/log-file.ts';
import { readIfThere, writePrivateFile } from '../runtime/private-file.ts';
import { identify, stopProcess } from '../runtime/processes.ts';
import { StartRefused } from '../runtime/start-refused.ts';
import { followOutput, type Said } from './output.ts';
import { type Part, PartEnded, type PartRun } from './part.ts';

/** Where and how children run. `readyMs`: how long one may take until it is ready. */
export interface ChildContext {
  readonly dataFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly readyMs: number;
}

/** EX_CONFIG of sysexits.h: the program refuses to start until a person has changed something, and says what. */
export const refusedExitCode = 78;

// A publish in its one call is let finish; what is killed after that is repaired by reconciling.
const stopSteps = [{ signal: 'SIGTERM', waitMs: 90_000 }] as const;
const readySchema = z.object({ type: z.literal('ready') });
const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

/** One of our programs as a part that is kept running; `args` are for this Node. */
export function childPart(name: string, args: readonly string[], context: ChildContext): Part {
  return { name, refusalEndsAll: true, start: (signal) => startChild(name, args, context, signal) };
}

/** Ends the programs of an earlier start that are still there after it was killed. */
export async function endLeftChildren(dataFolder: string): Promise<void> {
  const folder = join(dataFolder, 'run');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const note = identitySchema.safeParse(parseJson(await readIfThere(join(folder, name))));
      if (note.success) await stopProcess(note.data, [{ signal: 'SIGTERM', waitMs: 10_000 }]);
      await rm(join(folder, name), { force: true });
    }),
  );
}

async function startChild(
  name: string,
  args: readonly string[],
  context: ChildContext,
  signal: AbortSignal,
): Promise<PartRun> {
  const log = openLog(join(context.dataFolder, 'logs', `${name}.log`));
  const child = spawn(process.execPath, args, {
    env: context.environment,
    // In its own group, so that Ctrl-C reaches us alone and the programs are stopped in their order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said = followOutput(child, log, (line) => context.print(`${name}: ${line}`));
  const ended = endOf(child);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const note = join(context.dataFolder, 'run', `${name}.json`);
  if (identity !== undefined) await writePrivateFile(note, JSON.stringify(identity));
  const stop = async () => {
    if (identity !== undefined) await stopProcess(identity, stopSteps);
    await ended;
    await rm(note, { force: true });
  };
  const exited = async () => describeEnd(name, await ended, said, log.path);
  const decided = new AbortController();
  try {
    const late = tooLate(context.readyMs, log.path, AbortSignal.any([signal, decided.signal]));
    await Promise.race([readyOf(child), endedEarly(exited), late]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    decided.abort();
  }
  return { exited, stop };
}

interface End {
  readonly code: number | null;
  readonly how: string;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, how: `could not be started (${error.message})` }));
    child.once('exit', (code, signal) => {
      const end = { code, how: signal === null ? `ended with code ${code}` : `was ended by ${signal}` };
      // Its last words may still be on their way; not for ever, because its own children may hold the pipe open.
      child.once('close', () => resolve(end));
      setTimeout(() => resolve(end), 1_000).unref();
    });
  });
}

function readyOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (readySchema.safeParse(message).success) resolve();
    });
  });
}

async function endedEarly(exited: () => Promise<string>): Promise<never> {
  throw new PartEnded(`${await exited()} before it was ready`);
}

/** How a program ended, in words; a refusal is thrown. */
function describeEnd(name: string, end: End, said: Said, logPath: string): string {
  if (end.code === refusedExitCode) throw new StartRefused(refusalOf(name, said, logPath));
  const last = said.lines().at(-1);
  return last === undefined ? end.how : `${end.how} (it last said: ${last.slice(0, 300)})`;
}

async function tooLate(readyMs: number, logPath: string, signal: AbortSignal): Promise<never> {
  await pause(readyMs, undefined, { signal }).catch(() => {
    throw new PartEnded('was stopped');
  });
  throw new PartEnded(`was not ready within ${readyMs / 1000} s (its log: ${logPath})`);
}

function refusalOf(name: string, said: Said, logPath: string): string {
  const lines = said.lines();
  return lines.length === 0
    ? `The ${name} refuses to start and did not say why; nothing was changed; look into ${logPath}.`
    : lines.join('\n');
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
