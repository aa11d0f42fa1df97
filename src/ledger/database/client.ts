// The driver's client as drizzle gets it: every statement prepared once per connection, and every one under a deadline.
import type { Sql } from 'postgres';
import { inTime, startDeadline } from './deadline.ts';
import { isConnectionGone } from './outage.ts';
import type { Pool, Pools } from './pools.ts';

/** A client that asks the pool which is the present one at each call. */
export function guardedClient(pools: Pools): Sql {
  return new Proxy(pools.current().client, {
    get(_first, name) {
      const pool = pools.current();
      const member: unknown = Reflect.get(pool.client, name);
      if (name === 'unsafe' && isMethod(member)) return asking(pool, member.bind(pool.client));
      if (name === 'begin' && isMethod(member)) {
        return (work: Work) => begin(pool, member.bind(pool.client), work);
      }
      return member;
    },
  });
}

type Method = (...values: unknown[]) => unknown;
type Unsafe = (query: unknown, parameters?: unknown, options?: object) => unknown;
type Work = (client: object) => Promise<unknown>;

function isMethod(member: unknown): member is Method {
  return typeof member === 'function';
}

/** A query of the driver: asked once somebody waits for it; until that has begun, its form can still be chosen. */
interface Query extends PromiseLike<unknown> {
  values(): unknown;
}

/**
 * The driver's `unsafe`, with every statement prepared: drizzle sends each anew, which costs a round trip to describe it
 * and a plan, every time.
 */
function asking(pool: Pool, unsafe: Unsafe): Unsafe {
  return (query, parameters, options) => {
    const asked = unsafe(query, parameters, { ...options, prepare: true });
    if (!isQuery(asked)) return asked;
    const answer = inTime(pool, asked);
    const values = () => {
      asked.values();
      return answer;
    };
    return Object.assign(answer, { values });
  };
}

function isQuery(asked: unknown): asked is Query {
  return typeof asked === 'object' && asked !== null && 'values' in asked && 'then' in asked;
}

/**
 * Runs a transaction, with a deadline for its beginning and its end too. When its connection is gone there is nothing to
 * roll back, and neither we nor the driver must try: it would write to a socket that is not there any more, which ends
 * the whole process (postgres 3.4.9, `nextWrite`).
 */
function begin(pool: Pool, driverBegin: Method, work: Work): Promise<unknown> {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  let over: unknown = null;
  const end = (error: unknown) => {
    over ??= error;
    reject(error);
  };
  let deadline = startDeadline(pool, end);
  const kept: Work = async (client) => {
    deadline.stop();
    // Nobody waits for it any more.
    if (over) throw over;
    try {
      return await work(inTransaction(pool, client, () => over));
    } catch (error) {
      if (!isConnectionGone(error)) throw error;
      end(error);
      return new Promise(() => {});
    } finally {
      if (!over) deadline = startDeadline(pool, end);
    }
  };
  const run = Promise.resolve(driverBegin(kept));
  void run.catch(end).finally(() => deadline.stop());
  return Promise.race([run, lost]);
}

/** The client of a transaction: once that is over, it is asked nothing more. */
function inTransaction(pool: Pool, client: object, over: () => unknown): object {
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'unsafe' || !isMethod(member)) return member;
      const ask = asking(pool, member.bind(target));
      return (...query: Parameters<Unsafe>) => (over() ? Promise.reject(over()) : ask(...query));
    },
  });
}
