// What the ledger's functions need, built once per process and passed down.
import type { Clock } from '../runtime/clock.ts';
import type { Sealer } from './accounts/seal.ts';
import type { Database } from './database/database.ts';

export interface Ledger {
  readonly db: Database;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** How long a lease holds without being renewed, in ms, by the database's clock. */
  readonly leaseMs: number;
  /** How long after its send deadline a post may stay hidden on a platform, in ms. */
  readonly horizonMs: (platform: string) => number;
}
