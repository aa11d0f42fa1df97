// What happens to a publish at rest once its fault is gone: a person's message, a new connection, or hours that pass.

import type { MessageVerdict } from '../../../src/domain/messages/messages.ts';
import type { Stage } from '../../harness/stage.ts';
import { until } from '../../harness/until.ts';
import { workflowIdOf } from '../../harness/workflow-id.ts';
import type { Sequel } from './cell.ts';
import type { Field } from './ground.ts';
import type { RestWatch } from './rest.ts';

/** A publish that rests after so many attempts. */
export interface Resting {
  readonly scheduleId: string;
  readonly field: Field;
  readonly attempts: number;
}

/** Mends the fault, does what the sequel says, and waits for the next rest. */
export async function goOn(stage: Stage, watch: RestWatch, by: Sequel['by'], resting: Resting): Promise<void> {
  const { scheduleId, field, attempts } = resting;
  await field.mend();
  if (by === 'time') await skipTime(stage, scheduleId);
  if (by === 'reconnect') await field.reconnect();
  if (by === 'resolve') {
    const platformPostId = await field.livePostId();
    await send(stage, scheduleId, 'resolve', { verdict: 'live', platformPostId, ...SEEN });
    // No attempt is made of it.
    return watch.untilAtRest(scheduleId, attempts - 1);
  }
  if (by === 'deny') await deny(stage, scheduleId);
  if (by !== 'time') await send(stage, scheduleId, 'requestReplay', { requestedBy: 'Olga' });
  return watch.untilAtRest(scheduleId, attempts);
}

const SEEN = { decidedBy: 'Olga', evidence: 'looked at the account' };

/** Denies the post, again when the answer says so: from when on its call can no longer leave. */
async function deny(stage: Stage, scheduleId: string): Promise<void> {
  const denial = { verdict: 'not_live', ...SEEN };
  const first = await say(stage, scheduleId, 'resolve', denial);
  if (first.accepted) return;
  const again = Date.parse(first.until ?? '');
  await until('the post may be denied', async () => Date.now() > again);
  await send(stage, scheduleId, 'resolve', denial);
}

async function send(stage: Stage, scheduleId: string, message: string, body: object): Promise<void> {
  const verdict = await say(stage, scheduleId, message, body);
  if (!verdict.accepted) throw new TypeError(`${message} was refused: ${JSON.stringify(verdict)}`);
}

function say({ temporal }: Stage, scheduleId: string, message: string, body: object): Promise<MessageVerdict> {
  const publish = temporal.workflow.getHandle(workflowIdOf(scheduleId));
  return publish.executeUpdate<MessageVerdict, [object]>(message, { args: [body] });
}

/** Temporal lets the workflow's timers fire as soon as nothing else is to be done. */
async function skipTime({ temporal }: Stage, scheduleId: string): Promise<void> {
  await temporal.workflowService.updateWorkflowExecutionOptions({
    namespace: 'default',
    workflowExecution: { workflowId: workflowIdOf(scheduleId) },
    workflowExecutionOptions: { timeSkippingConfig: { enabled: true } },
    updateMask: { paths: ['time_skipping_config'] },
  });
}
