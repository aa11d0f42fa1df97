// The look at a post that was just taken in for later today: its files were read a moment ago, so they are spared.
import type { Logger } from 'pino';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { TONIGHT_MS } from '../../domain/tonight/finding.ts';
import { checkTonight, type TonightContext } from './foresee.ts';

/** A post that is due sooner shows by itself what stops it. */
const SOON_MS = 60_000;

/** Best effort: a look that fails is made again by the next one, and the post is taken in. */
export async function foreseeAtIntake(
  context: TonightContext & { readonly log: Logger },
  taken: ScheduleKey & { readonly created: boolean; readonly publishAt: Date },
): Promise<void> {
  const aheadMs = taken.publishAt.getTime() - context.ledger.clock.now().getTime();
  if (!taken.created || aheadMs < SOON_MS || aheadMs > TONIGHT_MS) return;
  try {
    await checkTonight(context, taken, { readMedia: false });
  } catch (error) {
    context.log.warn(
      { err: error, scheduleId: taken.scheduleId },
      'a post could not be looked at when it was taken in',
    );
  }
}
