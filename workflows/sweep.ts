// The workflow of one sweep, started by a Temporal schedule.
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { SweepReport } from '../src/domain/temporal/sweep-report.ts';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '1m',
  retry: { maximumAttempts: 1 },
});

/** Sweeps once and answers what was found; the next firing is the retry. */
export async function sweep(): Promise<SweepReport> {
  return activities.sweep();
}
