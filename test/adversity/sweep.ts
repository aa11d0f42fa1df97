// The crash sweep: a census run lists the points that a kind of post reaches; then one publish of that kind stands at
// each of them when its worker is killed, and another worker has to bring all of them to their end.
import type { WorkflowHandle } from '@temporalio/client';
import { readResult } from '../../src/ledger/schedules/result.ts';
import { census, type Hold, holdAt } from '../harness/crash-file.ts';
import { lawsOf } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import type { CreateFault, PostKind, Practice } from './practice.ts';

/** Settings under which dozens of publishes may stand still at once without being late for anything. */
export const SWEEP_SETTINGS = {
  'task_queues.publish.max_concurrent_publishes': 100,
  'timeouts.heartbeat': '10s',
  'timeouts.lease': '10s',
  'timeouts.send_window': '3s',
  'timeouts.answer': '2m',
  'timeouts.media_processing': '1m',
} as const;

/** A named point, and which time of reaching it: `media_appended#2`. */
export type PointName = `${string}#${number}`;

/** Publishes one post of each kind, unharmed, and answers the points each came by, in order. */
export async function takeCensus(stage: Stage, kinds: readonly PostKind[]): Promise<Map<string, PointName[]>> {
  const counted = kinds.map(async ({ name, open }): Promise<[string, PointName[]]> => {
    const practice = await open();
    const publish = await stage.startPublish(practice.post);
    await publish.result();
    await practice.close?.();
    return [name, numbered(census(stage.folder, publish.scheduleId))];
  });
  return new Map(await Promise.all(counted));
}

function numbered(points: readonly string[]): PointName[] {
  return points.map((point, index): PointName => {
    const nth = points.slice(0, index + 1).filter((earlier) => earlier === point).length;
    return `${point}#${nth}`;
  });
}

/** One publish and the place where its worker will die. */
export interface CrashCase {
  readonly kind: PostKind;
  readonly at: PointName;
  /** What the create meets, for a worker that dies while it waits for the answer. */
  readonly create?: CreateFault;
}

/** Exactly the points of the census; the call itself twice, once with the post made and once with the request lost. */
export function casesOf(kinds: readonly PostKind[], counted: ReadonlyMap<string, readonly PointName[]>): CrashCase[] {
  return kinds.flatMap((kind) =>
    (counted.get(kind.name) ?? []).flatMap((at): CrashCase[] =>
      at === 'request_sent#1'
        ? [
            { kind, at, create: 'commits_then_hangs' },
            { kind, at, create: 'lost_and_hangs' },
          ]
        : [{ kind, at }],
    ),
  );
}

/** A publish under way towards its point. */
export interface Standing {
  readonly kind: string;
  readonly title: string;
  readonly practice: Practice;
  readonly publish: WorkflowHandle & { scheduleId: string };
  readonly hold: Hold;
  readonly point: string;
  readonly create: CreateFault | undefined;
}

/** Starts one publish for each case; each will stand at its point. */
export function startAll(stage: Stage, cases: readonly CrashCase[]): Promise<Standing[]> {
  return Promise.all(cases.map((one) => startOne(stage, one)));
}

/** Starts one publish; it will stand at its point. */
export async function startOne(stage: Stage, { kind, at, create }: CrashCase): Promise<Standing> {
  const practice = await kind.open(create);
  const scheduleId = crypto.randomUUID();
  const [point = '', nth] = at.split('#');
  const hold = holdAt(stage.folder, { point, scheduleId, nth: Number(nth) });
  const title = `${kind.name}, killed at ${at}${create ? ` (${create})` : ''}`;
  return {
    kind: kind.name,
    title,
    practice,
    hold,
    point,
    create,
    publish: await stage.startPublish(practice.post, scheduleId),
  };
}

/** Waits until every publish stands at its point in this worker, and its create, where it has left, has arrived. */
export async function untilAllStand(stage: Stage, standing: readonly Standing[], worker: TestProcess): Promise<void> {
  for (const { title, hold, practice, create, publish } of standing) {
    const stands = until(`it stands: ${title}`, () => hold.standing() === worker.child.pid, 120_000);
    await stands.catch(async (cause) => {
      const points = census(stage.folder, publish.scheduleId).join(', ');
      const result = JSON.stringify(await readResult(stage.context.ledger, stage.keyOf(publish.scheduleId)));
      throw new TypeError(`${title} never came there, but by ${points}: ${result}`, { cause });
    });
    if (create) await until(`the create arrived: ${title}`, async () => (await practice.creates()) > 0);
    if (create === 'commits_then_hangs') await until(`it is live: ${title}`, async () => (await practice.live()) === 1);
  }
  // Nobody has gone on from there meanwhile.
  const left = standing.filter(({ publish, point }) => census(stage.folder, publish.scheduleId).at(-1) !== point);
  if (left.length > 0) throw new TypeError(`no longer at their points: ${left.map(({ title }) => title).join('; ')}`);
}

/** Waits until each publish is live, and answers the laws as they hold of it then. */
export function endsOf(stage: Stage, standing: readonly Standing[]) {
  return Promise.all(
    standing.map(async ({ title, publish, practice }) => {
      // A publish that does not get there is judged as it stands.
      const ended = until(`it is live: ${title}`, () => hasEnded(stage, publish.scheduleId));
      await ended.then(() => publish.result()).catch(() => undefined);
      const laws = await lawsOf(stage, publish.scheduleId, practice);
      await practice.close?.();
      return { title, ...laws };
    }),
  );
}

/** How many remote objects the publishes of each kind have made; one number where a dead worker's were used. */
export async function madeOf(standing: readonly Standing[]): Promise<Record<string, number[]>> {
  const made: Record<string, number[]> = {};
  for (const { kind, practice } of standing) {
    made[kind] = [...new Set([...(made[kind] ?? []), await practice.made()])].sort();
  }
  return made;
}

/** Waits until the ledger calls it a failure, has the account connected anew, and asks for it again. */
export async function reconnectAndReplay(stage: Stage, { title, practice, publish }: Standing): Promise<void> {
  const state = async () => (await readResult(stage.context.ledger, stage.keyOf(publish.scheduleId))).state;
  await until(`it waits for a person: ${title}`, async () => (await state()) === 'failed');
  await practice.reconnect();
  await publish.signal('replay', { requestedBy: 'Olga Operator', note: 'connected anew' });
}

async function hasEnded(stage: Stage, scheduleId: string): Promise<boolean> {
  return (await readResult(stage.context.ledger, stage.keyOf(scheduleId))).state === 'published';
}
