// The look at a post that was just taken in, or changed, for later today. Best effort: a look that fails is made again by the next
// one, and what was asked for is done.
import type { Logger } from 'pino';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { checkTonight, type TonightContext } from './foresee.ts';

/** A post that is due sooner shows by itself what stops it. */
const SOON_MS = 60_000;

type Context = TonightContext & { readonly log: Logger };

/** Its files were read a moment ago, so they are spared. */
export async function foreseeAtIntake(
  context: Context,
  taken: ScheduleKey & { readonly created: boolean; readonly publishAt: Date },
): Promise<void> {
  const aheadMs = taken.publishAt.getTime() - context.ledger.clock.now().getTime();
  if (taken.created && aheadMs >= SOON_MS) await foreseeChanged(context, taken, { readMedia: false });
}

/** After an edit or another time: what was found before is not about this version. `readMedia`: nobody has read its files just now. */
export async function foreseeChanged(
  context: Context,
  key: ScheduleKey,
  how: { readonly readMedia: boolean },
): Promise<void> {
  try {
    await checkTonight(context, key, how);
  } catch (error) {
    context.log.warn({ err: error, scheduleId: key.scheduleId }, 'a post could not be looked at before its time');
  }
}
