// A workflow start as any program on the wire may send it: payloads of any bytes and encoding, under any workflow id.

import { randomUUID } from 'node:crypto';
import type { Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { AT_ONCE_MS } from './doors.ts';
import { type Refusal, refusalOfRun } from './refusal.ts';

export interface RawPayload {
  readonly encoding: string;
  readonly data: Uint8Array;
}

/** A value as JSON, or text as it is. */
export function json(value: unknown): RawPayload {
  return raw(JSON.stringify(value));
}

export function raw(data: string | Uint8Array, encoding = 'json/plain'): RawPayload {
  return { encoding, data: typeof data === 'string' ? Buffer.from(data) : data };
}

/** Starts a publish and answers how it failed. */
export async function startRaw(
  { temporal, taskQueue }: Stage,
  payloads: readonly RawPayload[],
  workflowId: string = workflowIdOf(randomUUID()),
): Promise<Refusal & { readonly type: string }> {
  await temporal.workflowService.startWorkflowExecution({
    namespace: 'default',
    workflowId,
    workflowType: { name: 'publish' },
    taskQueue: { name: taskQueue },
    requestId: randomUUID(),
    input: {
      payloads: payloads.map(({ encoding, data }) => ({ metadata: { encoding: Buffer.from(encoding) }, data })),
    },
  });
  const handle = temporal.workflow.getHandle(workflowId);
  const result = temporal.withDeadline(Date.now() + AT_ONCE_MS, () => handle.result());
  const refusal = await result.then((ended) => {
    throw new TypeError(`the publish was not refused: ${JSON.stringify(ended)}`);
  }, refusalOfRun);
  const { events } = await handle.fetchHistory();
  if (events?.some((event) => event.timerStartedEventAttributes)) throw new TypeError('the run waited');
  return refusal;
}
