// Plays all cells of a grid at once on one worker: to their first rest, on to their sequel, and those that wait for
// hours after that, when the clocks have been moved.
import { shiftClock } from '../../harness/shifted-clock.ts';
import type { Stage } from '../../harness/stage.ts';
import { until } from '../../harness/until.ts';
import { type Breaches, breachesOf } from './breaches.ts';
import { type Cell, type Sequel, titleOf } from './cell.ts';
import type { Field, Ground } from './ground.ts';
import { type Standing, standingOf } from './record.ts';
import { type RestWatch, watchForRest } from './rest.ts';
import { goOn } from './sequel.ts';

/** What came of one cell. */
export interface Played {
  readonly stops: Standing;
  readonly next: Standing | null;
  readonly breaches: Breaches;
}

export interface Grid<Fault extends object> {
  readonly stage: Stage;
  readonly ground: Ground<Fault>;
  readonly cells: readonly Cell<Fault>[];
  /** Cells under way at the same time. */
  readonly atOnce: number;
  /** How far the clocks are moved for publishes that wait for hours. */
  readonly shiftMs: number;
}

/** Plays every cell and answers what came of it, or its error, by title. */
export async function playGrid<Fault extends object>(grid: Grid<Fault>): Promise<Map<string, Played | Error>> {
  const watch = watchForRest(grid.stage);
  const cells = inOrder(grid.cells);
  try {
    const started = await atMost(grid.atOnce, cells, (cell, index) =>
      play(grid, watch, cell, index).catch((error: unknown) => asError(error)),
    );
    shiftClock(grid.stage.folder, grid.shiftMs);
    await grid.ground.shiftClock(grid.shiftMs);
    const ended = await atMost(grid.atOnce, started, (playing) =>
      playing instanceof Error ? playing : finish(grid, watch, playing).catch((error: unknown) => asError(error)),
    );
    return new Map(cells.map((cell, index) => [titleOf(cell), ended[index] ?? new TypeError('not played')]));
  } finally {
    watch.stop();
  }
}

/** Those that take longest go first. Those that wait for the clocks go last, lest their own time comes before that. */
function inOrder<Fault>(cells: readonly Cell<Fault>[]): Cell<Fault>[] {
  const rank = ({ ends, next }: Cell<Fault>) => (next?.by === 'time' ? 2 : ends.state === 'unconfirmed' ? 0 : 1);
  return cells.toSorted((one, other) => rank(one) - rank(other));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new TypeError(String(error));
}

interface Playing<Fault> {
  readonly cell: Cell<Fault>;
  readonly field: Field;
  readonly scheduleId: string;
  readonly stops: Standing;
  readonly next: Standing | null;
}

async function play<Fault extends object>(
  { stage, ground }: Grid<Fault>,
  watch: RestWatch,
  cell: Cell<Fault>,
  index: number,
): Promise<Playing<Fault>> {
  const field = await ground.open(cell, `cell-${index}`);
  if (cell.twin) {
    const { scheduleId } = await stage.startPublish(field.post);
    await watch.untilAtRest(scheduleId, 0);
  }
  await field.arm();
  const { scheduleId } = await stage.startPublish(field.post);
  await Promise.all([watch.untilAtRest(scheduleId, 0), showAfter(cell.shownAfterCreates, field)]);
  const stops = await standingOf(stage, scheduleId, field);
  const playing = { cell, field, scheduleId, stops, next: null };
  if (cell.next === undefined || cell.next.by === 'time') return playing;
  return { ...playing, next: await sequel(stage, watch, playing, cell.next.by) };
}

/** Lists may lag longer than anyone can know: the post shows only when the second create has been made. */
async function showAfter(creates: number | undefined, field: Field): Promise<void> {
  if (creates === undefined) return;
  await until(`${creates} creates were made`, async () => (await field.creates()) >= creates, 120_000);
  await field.show();
}

async function sequel<Fault>(
  stage: Stage,
  watch: RestWatch,
  { field, scheduleId, stops }: Playing<Fault>,
  by: Sequel['by'],
): Promise<Standing> {
  await goOn(stage, watch, by, { scheduleId, field, attempts: stops.attempts });
  return standingOf(stage, scheduleId, field, stops.attempts);
}

/** The clocks have moved; a publish that waits for its time is let go on by its own timer. */
async function finish<Fault extends object>(
  { stage }: Grid<Fault>,
  watch: RestWatch,
  playing: Playing<Fault>,
): Promise<Played> {
  const { cell, field, scheduleId, stops, next } = playing;
  const last = cell.next?.by === 'time' ? await sequel(stage, watch, playing, 'time') : next;
  const rests = last ?? stops;
  const told = { meets: cell.meets, hasTwin: cell.twin === true, denied: cell.next?.by === 'deny' };
  return { stops, next: last, breaches: await breachesOf(stage, { scheduleId, field, rests, ...told }) };
}

/** Works on all items, at most so many at a time; results stand in the order of the items. */
export async function atMost<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result> | Result,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()];
  const line = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: limit }, line));
  return results;
}
