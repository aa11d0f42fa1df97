// The benches by name.
import { batch } from './batch.ts';
import { boot } from './boot.ts';
import { burst } from './burst.ts';
import { cost } from './cost.ts';
import { crowd } from './crowd.ts';
import { due } from './due.ts';
import { failover } from './failover.ts';
import { items } from './items.ts';
import { ledger } from './ledger.ts';
import { markers } from './markers.ts';
import { page } from './page.ts';
import { pipeline } from './pipeline.ts';
import { proof } from './proof.ts';
import { replay } from './replay.ts';
import { throughput } from './throughput.ts';

/** A bench answers its figures; the unit is in each key's name. */
export type Bench = () => Promise<Readonly<Record<string, number>>>;

export const benches: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  ['cost', cost],
  ['throughput', throughput],
  ['ledger', ledger],
  ['failover', failover],
  ['due', due],
  ['boot', boot],
  ['replay', replay],
  ['crowd', crowd],
  ['burst', burst],
  ['proof', proof],
  ['items', items],
  ['page', page],
  ['batch', batch],
  ['markers', markers],
  ['pipeline', pipeline],
]);
