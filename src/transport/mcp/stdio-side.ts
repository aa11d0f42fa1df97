// A server that is a program of this machine, spoken to by its standard input and output. It leads a process group of its own,
// and the group is ended whole, so that nothing it started outlives the conversation.
import { type ChildProcess, spawn } from 'node:child_process';
import { ReadBuffer, type Transport as Side, serializeMessage } from '@modelcontextprotocol/client';
import { callIdOf, responseTo, type Wire } from './wire.ts';

/** How long a program may take to end by itself once its input has ended, and then after SIGTERM. */
const GRACE_MS = 500;

/** The gate was closed, or the program takes nothing more: the message did not go out whole. */
class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

type Message = Parameters<Side['send']>[0];

export interface StdioProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export class StdioSide implements Side {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: Message) => void;
  /** By these two the client knows that this is no HTTP. */
  readonly stderr = null;
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }
  readonly #program: StdioProgram;
  readonly #wire: Wire;
  readonly #buffer = new ReadBuffer();
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #callId: string | number | null = null;

  constructor(program: StdioProgram, wire: Wire) {
    this.#program = program;
    this.#wire = wire;
  }

  start(): Promise<void> {
    const { program, args, env } = this.#program;
    const child = spawn(program, [...args], { env, detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child = child;
    child.stdin.on('error', (error) => this.onerror?.(error));
    child.stdout.on('data', (part: Buffer) => this.#read(part));
    child.once('exit', () => endGroup(child, 'SIGKILL'));
    this.#exited = new Promise((resolve) => {
      child.once('close', () => {
        this.onclose?.();
        resolve();
      });
    });
    return new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  }

  async send(message: Message): Promise<void> {
    const id = callIdOf(message);
    if (id !== null) {
      if (!this.#wire.mayLeave()) throw new NotWritten('the gate is closed');
      this.#callId = id;
    }
    await this.#write(serializeMessage(message));
    if (id !== null) await this.#wire.left();
  }

  #write(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const { stdin } = this.#child ?? {};
      if (!stdin?.writable) reject(new NotWritten('the program takes no more input'));
      else stdin.write(line, (error) => (error ? reject(error) : resolve()));
    });
  }

  #read(part: Buffer): void {
    try {
      this.#buffer.append(part);
    } catch (error) {
      // More than one message may have: whatever it was, it is no answer.
      this.onerror?.(asError(error));
      void this.close();
      return;
    }
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.#wire.response ??= responseTo(this.#callId, message);
        this.onmessage?.(message);
      } catch (error) {
        this.onerror?.(asError(error));
      }
    }
  }

  /** Ends the program and all that it started; resolves when they are gone. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    child.stdin?.end();
    if (await within(this.#exited, GRACE_MS)) return;
    endGroup(child, 'SIGTERM');
    if (await within(this.#exited, GRACE_MS)) return;
    endGroup(child, 'SIGKILL');
    await this.#exited;
  }
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}

async function within(event: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const came = await Promise.race([event.then(() => true as const), late]);
  clearTimeout(timer);
  return came;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new NotWritten(String(error));
}
