// Holds what came of a cell against what was written down for it.
import { expect } from 'vitest';
import { LAWFUL } from './breaches.ts';
import type { Cell, Ending } from './cell.ts';
import type { Standing } from './record.ts';
import type { Played } from './run-grid.ts';

/** Fails with the difference, if there is one. */
export function expectAsWritten<Fault>(cell: Cell<Fault>, played: Played | Error | undefined): void {
  if (played === undefined || played instanceof Error) throw played ?? new TypeError('the cell was not played');
  const { stops, next, breaches } = played;
  expect({ stops: inWords(stops, cell.ends), breaches }).toEqual({ stops: cell.ends, breaches: LAWFUL });
  expect(next && inWords(next, cell.next?.ends ?? cell.ends)).toEqual(cell.next?.ends ?? null);
}

/** The standing as an ending; a wake-up within the written bounds is told by these bounds. */
function inWords({ state, cause, wakesInMs, trail, creates, live }: Standing, { wakes }: Ending): object {
  const within = wakesInMs !== null && wakes !== null && wakesInMs >= wakes[0] && wakesInMs <= wakes[1];
  return { state, cause, wakes: within ? wakes : wakesInMs, trail, creates, live };
}
