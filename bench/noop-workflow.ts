// The floor that publishes are compared with: one workflow with one activity that does nothing.
import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1m' });

export async function noop(): Promise<void> {
  await nothing();
}
