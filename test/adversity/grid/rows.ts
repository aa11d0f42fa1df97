// Short ways to write cells: many rows about one call, each one fault and what must come of it.
import type { Cell, Ending, Met, Sequel } from './cell.ts';

/** A fault of the call (or none), the ending, the sequel, and how the cell differs otherwise. */
export type Row<Fault> = readonly [fault: Fault | null, ends: Ending, next?: Sequel | undefined, more?: More<Fault>];

interface More<Fault> extends Partial<Pick<Cell<Fault>, 'post' | 'account' | 'twin' | 'shownAfterCreates'>> {
  /** How often the fault meets its call. */
  readonly times?: number | null;
}

/** What all rows of one table share. */
export interface Table<Fault> {
  readonly call: string;
  readonly post: Cell<Fault>['post'];
  readonly account?: Cell<Fault>['account'];
  /** So many of the calls pass unharmed first. */
  readonly skip?: number;
  /** What must go wrong as well for the call to be made. */
  readonly also?: readonly Met<Fault>[];
}

/** The cells of a table. */
export function cellsOf<Fault>(table: Table<Fault>, rows: readonly Row<Fault>[]): Cell<Fault>[] {
  const { call, skip = 0, also = [], post, account } = table;
  return rows.map(([fault, ends, next, { times = 1, ...more } = {}]) => ({
    post,
    ...(account === undefined ? {} : { account }),
    ...more,
    meets: [...(fault === null ? [] : [{ call, fault, times, skip }]), ...also],
    ends,
    ...(next === undefined ? {} : { next }),
  }));
}
