// Programs of stages, written into a folder of the test, and what the test may see of them afterwards.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageOf } from '../../../src/domain/pipeline/contract.ts';
import { commandRunner } from '../../../src/pipeline/runners/command/command.ts';
import type { StageEnd, StageInput } from '../../../src/pipeline/runners/runner.ts';
import { identify } from '../../../src/runtime/processes.ts';
import { COMMON, control, workOf } from './stage-work.ts';

export type CommandStage = StageOf<'command'>;

export interface Bench {
  /** Beside which the programs stand, as temporal.yaml would. */
  readonly home: string;
  /** Where the private folders are made. */
  readonly folders: string;
  readonly env: Record<string, string>;
  readonly warnings: string[];
  /** Writes a program of Node or of the shell, and answers the command that starts it. */
  node(source: string): readonly string[];
  shell(source: string): readonly string[];
  run(command: readonly string[], told?: Told): Promise<StageEnd>;
  /** How often the attempt at hand was said to be alive. */
  beats(): number;
  /** The private folders that are left. */
  leftFolders(): readonly string[];
  remove(): void;
}

export interface Told extends Partial<Omit<CommandStage, 'runner' | 'command'>> {
  readonly given?: readonly StageInput[];
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
}

export function makeBench(): Bench {
  const home = mkdtempSync(join(tmpdir(), 'oncepost-stages-'));
  const folders = join(home, 'folders');
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', UNNAMED_SECRET: 'never-to-be-seen-by-a-stage' };
  const warnings: string[] = [];
  let count = 0;
  let watched = control();
  const write = (ending: string, source: string, mode: number) => {
    count += 1;
    writeFileSync(join(home, `program-${count}.${ending}`), source, { mode });
    return `./program-${count}.${ending}`;
  };
  return {
    home,
    folders,
    env,
    warnings,
    node: (source) => [process.execPath, write('mjs', source, 0o600)],
    shell: (source) => [write('sh', `#!/bin/sh\n${source}\n`, 0o700)],
    run(command, { given, signal, graceMs = 300, ...told } = {}) {
      const warn = (sentence: string) => void warnings.push(sentence);
      const run = commandRunner({ folder: folders, programsFolder: home, env, graceMs, warn });
      const stage = {
        runner: 'command' as const,
        command,
        env: [],
        maxOutputBytes: 65_536,
        ...COMMON,
        ...told,
      } satisfies CommandStage;
      watched = control(signal);
      return run(workOf(stage, given), watched);
    },
    beats: () => watched.beats(),
    leftFolders: () => (existsSync(folders) ? readdirSync(folders) : []),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Whether a process of this number runs; one that ended and is not collected yet counts as gone. */
export function runs(pid: number): boolean {
  if (!(pid > 1)) throw new TypeError(`${pid} is no process of a program`);
  return identify(pid) !== undefined;
}

/** An answer with all that the stage makes. */
export const MADE_BOTH = `{"artifacts": {"styled.md": "# Grüße", "style.json": {"ok": true}}}`;

/** The files of an attempt that made some, as text. */
export function filesOf(end: StageEnd): Readonly<Record<string, string>> {
  if (end.kind !== 'made') throw new TypeError(`it ended as ${JSON.stringify(end)}`);
  return Object.fromEntries(end.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]));
}

/** Everything that would be kept, as one text. */
export function keptOf(end: StageEnd): string {
  return `${JSON.stringify(end)} ${end.kind === 'made' ? JSON.stringify(filesOf(end)) : ''}`;
}
