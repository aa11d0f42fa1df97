// Crash points for tests: files in the stage's folder arm named points, and the worker that comes by dies there, freezes
// there, or waits there until it is let go. Every point that is reached is written down, so that a sweep can prove that
// each one fired.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CrashPoints } from '../../src/publishing/attempt/points.ts';

const censusFile = (folder: string) => join(folder, 'crash-census.txt');
const armsFolder = (folder: string) => inside(folder, 'crash-arms');
const holdsFolder = (folder: string) => inside(folder, 'crash-holds');

/** Where the next worker that comes by is stopped. */
export interface ArmedPoint {
  readonly point: string;
  /** Any schedule when it is left out. */
  readonly scheduleId?: string;
  /** 2 for the second time one process reaches the point for one schedule; any time when it is left out. */
  readonly nth?: number;
}

/** A point at which the worker dies or freezes; SIGKILL unless told otherwise. */
export interface Arm extends ArmedPoint {
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

/** A point at which a publish waits while everything else in its worker goes on. */
export interface Hold {
  /** The number of the worker process that stands there; null before it came. */
  standing(): number | null;
  /** Lets it go on. */
  release(): void;
}

const armSchema = z.union([z.object({ hold: z.string() }), z.object({ signal: z.enum(['SIGKILL', 'SIGSTOP']) })]);

/** The worker's side: meets what is armed for the point, once. */
export function crashPoints(folder: string): CrashPoints {
  const times = new Map<string, number>();
  return {
    async reach(point, scheduleId) {
      appendFileSync(censusFile(folder), `${point} ${scheduleId} ${process.pid}\n`);
      const nth = (times.get(`${point} ${scheduleId}`) ?? 0) + 1;
      times.set(`${point} ${scheduleId}`, nth);
      const arm = takeArm(folder, [`${point}~${nth}`, `${point}~any`], scheduleId);
      if (arm === null) return;
      if ('hold' in arm) return stand(folder, arm.hold);
      process.kill(process.pid, arm.signal);
      // A killed process does nothing more; a frozen one goes on from here when it is continued.
      if (arm.signal === 'SIGKILL') await new Promise(() => {});
    },
  };
}

function takeArm(folder: string, places: readonly string[], scheduleId: string): z.infer<typeof armSchema> | null {
  for (const place of places) {
    for (const name of [`${place}~${scheduleId}.json`, `${place}~any.json`]) {
      const taken = join(holdsFolder(folder), randomUUID());
      try {
        // Whoever manages to rename the file is the one that is stopped.
        renameSync(join(armsFolder(folder), name), taken);
      } catch {
        continue;
      }
      return armSchema.parse(JSON.parse(readFileSync(taken, 'utf8')));
    }
  }
  return null;
}

async function stand(folder: string, hold: string): Promise<void> {
  write(join(holdsFolder(folder), `${hold}.standing`), String(process.pid));
  while (!existsSync(join(holdsFolder(folder), `${hold}.released`))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The test's side: the next worker that reaches the point dies or freezes there. */
export function armCrash(folder: string, { signal = 'SIGKILL', ...point }: Arm): void {
  arm(folder, point, { signal });
}

/** The next worker that reaches the point waits there. Points inside a call (`request_sent`) hold nothing back. */
export function holdAt(folder: string, point: ArmedPoint): Hold {
  const hold = randomUUID();
  arm(folder, point, { hold });
  const standing = join(holdsFolder(folder), `${hold}.standing`);
  return {
    standing: () => (existsSync(standing) ? Number(readFileSync(standing, 'utf8')) : null),
    release: () => write(join(holdsFolder(folder), `${hold}.released`), ''),
  };
}

function arm(folder: string, { point, nth, scheduleId }: ArmedPoint, what: z.infer<typeof armSchema>): void {
  write(join(armsFolder(folder), `${point}~${nth ?? 'any'}~${scheduleId ?? 'any'}.json`), JSON.stringify(what));
}

/** Whether an armed point has not been reached yet. */
export function crashPending(folder: string): boolean {
  return readdirSync(armsFolder(folder)).some((name) => name.endsWith('.json'));
}

/** Every point reached so far, in order, for one schedule; by one process, when its number is given. */
export function census(folder: string, scheduleId: string, pid?: number): string[] {
  if (!existsSync(censusFile(folder))) return [];
  return readFileSync(censusFile(folder), 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, schedule, reachedBy]) => schedule === scheduleId && (pid === undefined || Number(reachedBy) === pid))
    .map(([point = '']) => point);
}

/** Files appear whole or not at all. */
function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function inside(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}
