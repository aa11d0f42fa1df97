// Waits until publishes rest: one look at all of a stage's schedules at a time, however many are waited for.

import { SCHEDULE_STATES } from '../../../src/domain/schedules/states.ts';
import { schedules } from '../../../src/ledger/schema/schedules.ts';
import type { PublishStatus } from '../../../workflows/status.ts';
import type { Stage } from '../../harness/stage.ts';
import { workflowIdOf } from '../../harness/workflow-id.ts';

const PAUSE_MS = 150;
/** A publish that wakes no sooner than this is at rest. */
const LONG_MS = 20_000;

export interface RestWatch {
  /** Resolves when the publish rests after more than `attempts` attempts. Rejects after some minutes. */
  untilAtRest(scheduleId: string, attempts: number): Promise<void>;
  stop(): void;
}

interface Waiter {
  readonly scheduleId: string;
  readonly attempts: number;
  readonly deadlineMs: number;
  readonly done: (error?: Error) => void;
}

type Row = Pick<typeof schedules.$inferSelect, 'id' | 'state' | 'wakeAt' | 'attemptsMade'>;

/** Watches a stage's schedules until it is stopped. */
export function watchForRest(stage: Stage, limitMs = 240_000): RestWatch {
  const waiters = new Set<Waiter>();
  const timer = setInterval(() => void look(), PAUSE_MS);
  let looking = false;
  const look = async () => {
    if (looking || waiters.size === 0) return;
    looking = true;
    const rows = await readAll(stage).catch(() => new Map<string, Row>());
    await Promise.all([...waiters].map((waiter) => settle(waiter, rows.get(waiter.scheduleId))));
    looking = false;
  };
  const settle = async (waiter: Waiter, row: Row | undefined) => {
    const rests =
      row !== undefined && row.attemptsMade > waiter.attempts && isAtRest(row) && (await agrees(stage, row));
    if (rests) waiter.done();
    else if (performance.now() > waiter.deadlineMs) waiter.done(new TypeError(`not at rest: ${JSON.stringify(row)}`));
  };
  return {
    untilAtRest: (scheduleId, attempts) =>
      new Promise((resolve, reject) => {
        const waiter: Waiter = {
          scheduleId,
          attempts,
          deadlineMs: performance.now() + limitMs,
          done: (error) => {
            waiters.delete(waiter);
            if (error) reject(error);
            else resolve();
          },
        };
        waiters.add(waiter);
      }),
    stop: () => clearInterval(timer),
  };
}

async function readAll({ context }: Stage): Promise<Map<string, Row>> {
  const { id, state, wakeAt, attemptsMade } = schedules;
  const rows = await context.ledger.db.select({ id, state, wakeAt, attemptsMade }).from(schedules);
  return new Map(rows.map((row) => [row.id, row]));
}

function isAtRest({ state, wakeAt }: Row): boolean {
  const { ended, waitsForPerson } = SCHEDULE_STATES[state];
  return ended || waitsForPerson || (wakeAt !== null && wakeAt.getTime() > Date.now() + LONG_MS);
}

/** A refused create may be followed by another attempt at once: only the workflow knows whether it waits. */
async function agrees(stage: Stage, { id, state, attemptsMade }: Row): Promise<boolean> {
  if (SCHEDULE_STATES[state].ended) return true;
  try {
    const { running, result } = await stage.temporal.workflow
      .getHandle(workflowIdOf(id))
      .query<PublishStatus>('status');
    return !running && result?.state === state && result.attempts === attemptsMade;
  } catch {
    return false;
  }
}
