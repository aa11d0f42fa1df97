// Why a post cannot be changed now, asked by the pages before anybody fills in a form.
import { decideEdit, EDIT_BARS } from '../domain/schedules/edit.ts';
import { keyOf } from '../domain/schedules/schedule-key.ts';
import { readFirstCreate } from '../ledger/intents/intents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ScheduleRow } from '../ledger/schedules/facts.ts';

/** The sentence, or null while its version may be replaced. */
export async function editBar(ledger: Ledger, schedule: ScheduleRow): Promise<string | null> {
  const mayHaveLeft = (await readFirstCreate(ledger, keyOf(schedule))) !== null;
  const { state, fingerprint } = schedule;
  const refusal = decideEdit({ state, fingerprint, mayHaveLeft }, fingerprint);
  return refusal && EDIT_BARS[refusal];
}
