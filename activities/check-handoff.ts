// The activity `checkHandoff`: asks the address of a handoff that was recorded as done.
import type { AddressCheck } from '../src/domain/handoff/completion.ts';
import type { ScheduleKey } from '../src/domain/schedules/schedule-key.ts';
import { checkHandoffAddress } from '../src/handoff/check-address.ts';
import type { PublishingContext } from '../src/publishing/context.ts';

/** Makes the activity. It may run twice; the later answer stands. */
export function checkHandoffActivity(context: PublishingContext) {
  return async function checkHandoff(key: ScheduleKey): Promise<AddressCheck | null> {
    return checkHandoffAddress(context, key);
  };
}
