// How an activity fails, seen from Temporal: by our own typed failures as they are, and by anything else without the
// values it carries. Its histories and its UI are read by more people than our logs.
import { ApplicationFailure } from '@temporalio/activity';
import { TemporalFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { Logger } from 'pino';
import { isDatabaseDown } from '../ledger/database/database.ts';
import { toldInOneLine } from '../runtime/told-error.ts';
import type { ClockWatch } from './clock-watch.ts';

/** Makes the interceptors of every activity; none of them begins on a machine whose clock is wrong. */
export function activityFailures(log: Logger, clock: Pick<ClockWatch, 'problem'>): () => ActivityInterceptors {
  return () => ({
    inbound: {
      async execute(input, next) {
        const astray = clock.problem();
        if (astray !== null) throw ApplicationFailure.retryable(astray, 'ClockAstray');
        try {
          return await next(input);
        } catch (error) {
          throw asFailure(error, log);
        }
      },
    },
  });
}

/** All of them are repeated by Temporal, but those that call themselves final. */
function asFailure(error: unknown, log: Logger): TemporalFailure {
  if (error instanceof TemporalFailure) return error;
  if (isDatabaseDown(error)) {
    const message = 'The ledger cannot be reached; nothing is sent until it is back.';
    return ApplicationFailure.retryable(message, 'LedgerUnavailable');
  }
  log.error({ err: error }, 'an activity failed in a way nobody foresaw');
  return ApplicationFailure.retryable(toldInOneLine(error), 'UnforeseenFault');
}
