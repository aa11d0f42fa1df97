// Processes of this machine, told apart from later ones that got the same number, so that we never signal a stranger.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** One process: its number, and a mark of when it began (comparable only with marks from here). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** A process and its command line. */
export interface RunningCommand extends ProcessIdentity {
  readonly command: string;
}

/** One step of stopping: the signal, and how long its effect is awaited before the next step. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

const pollMs = 50;

/** The running process with this number, or nothing when there is none (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process, not a later one of the same number, still runs. */
export function isRunning(known: ProcessIdentity): boolean {
  return identify(known.pid)?.startedAt === known.startedAt;
}

/** Whether the system still knows the number, be it a process of anybody's or a zombie that nobody has collected. */
export function isNumberTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * The first process whose command line (arguments separated by spaces) contains the text. A server is known again by its own
 * arguments, which name its data folder: no note of ours can be missing, stale, or point at a stranger.
 */
export function findProcess(text: string): RunningCommand | undefined {
  for (const { pid, command } of process.platform === 'linux' ? commandsOnLinux() : commandsByPs()) {
    const identity = pid !== process.pid && command.includes(text) ? identify(pid) : undefined;
    if (identity !== undefined) return { ...identity, command };
  }
  return undefined;
}

/** Resolves once the process is gone (true), or after `waitMs` (false). Without `waitMs` it waits for ever. */
export async function untilGone(known: ProcessIdentity, waitMs?: number): Promise<boolean> {
  const deadline = waitMs === undefined ? undefined : AbortSignal.timeout(waitMs);
  while (isRunning(known)) {
    if (deadline?.aborted) return false;
    await pause(waitMs === undefined ? pollMs * 5 : pollMs);
  }
  return true;
}

/** Sends the signals one after another, each given its time, and at last SIGKILL; resolves when the process is gone. */
export async function stopProcess(known: ProcessIdentity, steps: readonly StopStep[]): Promise<void> {
  for (const step of [...steps, { signal: 'SIGKILL' as const, waitMs: 10_000 }]) {
    if (!isRunning(known)) return;
    signalProcess(known, step.signal);
    signalProcess(known, 'SIGCONT'); // a suspended process would never see the signal
    if (await untilGone(known, step.waitMs)) return;
  }
}

/** Signals exactly this process; a process that is already gone is no error. */
function signalProcess(known: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(known)) return;
  try {
    process.kill(known.pid, signal);
  } catch (error) {
    if (isRunning(known)) throw error;
  }
}

function startedOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; what follows it is: state, then the start in ticks 19 fields later.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process killed with many threads is a zombie by name while the last of them still hold its files and ports.
    if (fields[0] === 'X' || (fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1)) return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startedByPs(pid: number): string | undefined {
  try {
    const [state, ...began] = ps('-o', 'state=,lstart=', '-p', String(pid)).trim().split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : began.join(' ');
  } catch {
    return undefined;
  }
}

function* commandsOnLinux(): Generator<{ pid: number; command: string }> {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      yield { pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') };
    } catch {
      // It ended between the listing and the reading.
    }
  }
}

function* commandsByPs(): Generator<{ pid: number; command: string }> {
  for (const line of ps('-axww', '-o', 'pid=,command=').split('\n')) {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid !== undefined && command !== undefined) yield { pid: Number(pid), command: `${command} ` };
  }
}

function ps(...args: readonly string[]): string {
  return execFileSync('ps', args, { encoding: 'utf8' });
}
