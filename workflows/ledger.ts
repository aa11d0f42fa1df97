// Short steps against the ledger, as local activities.
import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';

/**
 * Repeated until the database is there. Long pauses become timers of the server, so that a run that waits through a
 * long outage does not fill its history with heartbeats of its workflow task.
 */
export const ledger = proxyLocalActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' },
  localRetryThreshold: '10s',
});
