// The time that every statement has, the wait for a free connection included.
import { DatabaseSilent } from './outage.ts';
import type { Pool } from './pools.ts';

/** The server itself ends a statement, or the wait for a lock, before this: what is later is not slow but gone. */
const DEADLINE_MS = 20_000;
export const STATEMENT_MS = 15_000;
export const LOCK_MS = 10_000;

/** A process that stood still finds answers that came meanwhile, and has this long to read them. */
const GRACE_MS = 1_000;

/** Calls `late` with the error, and gives the pool up, unless it is stopped before the deadline. */
export function startDeadline(pool: Pool, late: (error: DatabaseSilent) => void): { stop(): void } {
  const mark = pool.wire.mark();
  let dueMs = performance.now() + DEADLINE_MS;
  let timer = setTimeout(look, DEADLINE_MS);
  return { stop: () => clearTimeout(timer) };

  function look(): void {
    const nowMs = performance.now();
    if (nowMs - dueMs > GRACE_MS) {
      dueMs = nowMs + GRACE_MS;
      timer = setTimeout(look, GRACE_MS);
      return;
    }
    pool.giveUp(mark);
    late(new DatabaseSilent(`PostgreSQL said nothing for ${DEADLINE_MS / 1000} s`));
  }
}

/** What is asked of the pool, or `DatabaseSilent`. */
export function inTime<Answer>(pool: Pool, asked: PromiseLike<Answer>): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const deadline = startDeadline(pool, reject);
  asked.then(
    (answer) => {
      deadline.stop();
      resolve(answer);
    },
    (error: unknown) => {
      deadline.stop();
      reject(error);
    },
  );
  return promise;
}
