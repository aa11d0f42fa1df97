// Asks the address of a completed handoff, once, and writes down what it answered.
import { type AddressCheck, addressVerdict } from '../domain/handoff/completion.ts';
import type { ScheduleKey } from '../domain/schedules/schedule-key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { handoffAddress, saveAddressCheck } from '../ledger/schedules/handoffs.ts';
import type { OpenMediaSource } from '../transport/media.ts';
import { MediaUnavailable } from '../transport/media-unavailable.ts';

const ASKED_FOR_MS = 20_000;

export interface CheckDeps {
  readonly ledger: Ledger;
  readonly media: Pick<OpenMediaSource, 'status'>;
}

/** What the address answered; null when there is nothing to ask any more. */
export async function checkHandoffAddress(
  { ledger, media }: CheckDeps,
  key: ScheduleKey,
): Promise<AddressCheck | null> {
  const url = await handoffAddress(ledger, key);
  if (url === null) return null;
  const answered = await statusOf(media, url);
  const at = ledger.clock.now().toISOString();
  const check: AddressCheck =
    answered === null ? { verdict: 'unknown', at } : { verdict: addressVerdict(answered), at, status: answered };
  return (await saveAddressCheck(ledger, key, { url, check })) ? check : null;
}

/** Null where nothing answered, or where it leads into a private network. */
async function statusOf(media: CheckDeps['media'], url: string): Promise<number | null> {
  try {
    return await media.status(url, AbortSignal.timeout(ASKED_FOR_MS));
  } catch (error) {
    if (error instanceof MediaUnavailable) return null;
    throw error;
  }
}
