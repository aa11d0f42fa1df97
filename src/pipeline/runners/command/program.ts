// One run of a program: started without a shell in a process group of its own, listened to within bounds, and ended with all
// its processes, however it goes.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { isTimeOver } from '../endings.ts';
import { endFamily, type Family, membersOf, untilGone } from './family.ts';
import { Tail } from './tail.ts';

export interface Program {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly maxOutputBytes: number;
  readonly timeoutMs: number;
  /** How long it may take to end by itself once it is asked to. */
  readonly graceMs: number;
}

export type CutOff = 'timed_out' | 'stopped' | 'too_large';

/**
 * How it went.
 * - `not_started`: nothing of it ran; `code` is the system's
 * - `cut_off`: we ended it
 * - `ended`: it ended by itself; `left`: it left processes behind, which were ended
 */
export type ProgramEnd =
  | { readonly kind: 'not_started'; readonly code: string }
  | ({ readonly kind: 'cut_off'; readonly why: CutOff } & Heard)
  | ({
      readonly kind: 'ended';
      readonly status: number | null;
      readonly signal: string | null;
      readonly left: boolean;
    } & Heard);

export interface Heard {
  readonly stdout: Uint8Array;
  readonly stderr: ReturnType<Tail['read']>;
  /** False: one of its processes could not be ended. */
  readonly allGone: boolean;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Processes that are about to end anyway are given this long. */
const SETTLE_MS = 500;
/** What it said last is on its way for this long at most, once nobody is left to say more. */
const LAST_WORDS_MS = 5_000;

/** Starts it and stays until none of its processes is left. Never throws for what the program does. */
export async function runProgram(program: Program, signal: AbortSignal): Promise<ProgramEnd> {
  const started = start(program);
  if (!('child' in started)) return started;
  const { child } = started;
  const ears = listen(child, program.maxOutputBytes);
  const ended = endOf(child);
  const cut = cutOff(program.timeoutMs, signal, ears.tooLarge);
  const pid = await spawned(child);
  if (typeof pid === 'string') {
    cut.clear();
    return { kind: 'not_started', code: pid };
  }
  child.stdin.end(program.stdin);
  const family: Family = { group: pid, folder: program.folder };
  const why = await Promise.race([cut.why, ended.then(() => null)]);
  cut.clear();
  if (why !== null) return cutShort(child, family, why, ears, program.graceMs);
  const { status, signal: killedBy } = await ended;
  const { left, allGone } = await settle(ears, family);
  // Its last words may have been too many.
  if (ears.isTooLarge()) return { kind: 'cut_off', why: 'too_large', ...ears.heard(), allGone };
  return { kind: 'ended', status, signal: killedBy, left, ...ears.heard(), allGone };
}

function start({ command, folder, environment }: Program): { child: Child } | { kind: 'not_started'; code: string } {
  const [file = '', ...args] = command;
  try {
    return {
      child: spawn(file, args, { cwd: folder, env: environment, detached: true, stdio: ['pipe', 'pipe', 'pipe'] }),
    };
  } catch (error) {
    return { kind: 'not_started', code: codeOf(error) };
  }
}

/** Its number, or the code of why there is none. */
async function spawned(child: Child): Promise<number | string> {
  try {
    if (child.pid === undefined) await once(child, 'spawn');
    return child.pid ?? 'UNKNOWN';
  } catch (error) {
    return codeOf(error);
  }
}

function endOf(child: Child): Promise<{ status: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    child.once('exit', (status, signal) => resolve({ status, signal }));
    // A program that never started has no end; that it did not is told by `spawned`.
    child.on('error', () => {});
  });
}

function cutOff(timeoutMs: number, signal: AbortSignal, tooLarge: Promise<void>) {
  const { promise: why, resolve } = Promise.withResolvers<CutOff>();
  const late = setTimeout(() => resolve('timed_out'), timeoutMs);
  const stop = () => resolve(isTimeOver(signal) ? 'timed_out' : 'stopped');
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  void tooLarge.then(() => resolve('too_large'));
  const clear = () => {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  };
  return { why, clear };
}

function listen(child: Child, maxOutputBytes: number) {
  const { promise: tooLarge, resolve: tell } = Promise.withResolvers<void>();
  const chunks: Uint8Array[] = [];
  const tail = new Tail();
  let sizeBytes = 0;
  let isClosed = false;
  child.once('close', () => {
    isClosed = true;
  });
  child.stdout.on('data', (chunk: Uint8Array) => {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxOutputBytes) tell();
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Uint8Array) => tail.push(chunk));
  // A program need not read what it is told.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
  return {
    tooLarge,
    isTooLarge: () => sizeBytes > maxOutputBytes,
    isClosed: () => isClosed,
    heard: () => ({ stdout: Buffer.concat(chunks), stderr: tail.read() }),
    stop() {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    },
  };
}

type Ears = ReturnType<typeof listen>;

async function cutShort(child: Child, family: Family, why: CutOff, ears: Ears, graceMs: number): Promise<ProgramEnd> {
  const allGone = await endFamily(family, graceMs);
  await untilClosed(ears, allGone ? LAST_WORDS_MS : 0);
  ears.stop();
  child.unref();
  return { kind: 'cut_off', why, ...ears.heard(), allGone };
}

/** Whoever is left after the program ended is ended too; who holds its output and cannot be found counts as left. */
async function settle(ears: Ears, family: Family): Promise<{ left: boolean; allGone: boolean }> {
  if (ears.isClosed() && membersOf(family).length === 0) return { left: false, allGone: true };
  const left = !(await untilGone(family, SETTLE_MS));
  const allGone = !left || (await endFamily(family, 0));
  const closed = await untilClosed(ears, LAST_WORDS_MS);
  ears.stop();
  return { left: left || !closed, allGone: allGone && closed };
}

async function untilClosed(ears: Ears, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (!ears.isClosed() && performance.now() < deadline) await pause(10);
  return ears.isClosed();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}
