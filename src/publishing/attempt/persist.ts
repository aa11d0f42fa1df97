// What the platform has told us must be saved: keeps trying while the database is down (step 6).
import { isDatabaseDown } from '../../ledger/database/database.ts';
import type { PublishingContext } from '../context.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Runs a save until the database takes it. Gives up only on a refusal, which is thrown; if the process dies meanwhile,
 * the next attempt reconciles.
 */
export async function untilSaved<Result>(context: PublishingContext, save: () => Promise<Result>): Promise<Result> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await save();
    } catch (error) {
      if (!isDatabaseDown(error)) throw error;
      context.log.warn({ pauseMs }, 'the database is down after the platform answered; saving again');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
