// Whether Temporal can be asked just now, found out before anything is sent that it would have to carry out.
import type { Client } from '@temporalio/client';
import type { Clock } from '../../runtime/clock.ts';

/** True when Temporal answers for our namespace within `withinMs`. */
export async function temporalAnswers(client: Client, clock: Clock, withinMs: number): Promise<boolean> {
  const { namespace } = client.options;
  try {
    await client.withDeadline(clock.machineNow().getTime() + withinMs, () =>
      client.workflowService.describeNamespace({ namespace }),
    );
    return true;
  } catch {
    return false;
  }
}
