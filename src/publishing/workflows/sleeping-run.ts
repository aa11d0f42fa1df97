// A run that sleeps before its time by its start delay. Temporal hands it nothing until the delay is over, signals included (the
// server makes no workflow task for them), so a run that must go on earlier is replaced by another; what was said to it
// meanwhile is answered here.
import type { Client, Workflow, WorkflowHandle, WorkflowStartOptions } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { ACCOUNT_FREE } from '../../domain/temporal/account-free.ts';
import { LOOK_AGAIN } from '../../domain/temporal/look-again.ts';
import type { PublishingContext } from '../context.ts';
import { answer } from '../messages/answer.ts';

type Context = Pick<PublishingContext, 'ledger'>;

/** So near its end a delay is left alone: the run wakes by itself and reads the ledger. */
const NEARLY_MS = 5_000;

/** The run's id while it sleeps before its time, or null. @throws WorkflowNotFoundError when there is no such workflow */
export async function sleepingRun({ ledger }: Context, handle: WorkflowHandle): Promise<string | null> {
  const { executionTime, closeTime, runId } = await handle.describe();
  const until = executionTime?.getTime() ?? 0;
  return closeTime === undefined && until > ledger.clock.machineNow().getTime() + NEARLY_MS ? runId : null;
}

/** Puts another run in the place of one that sleeps, and answers what operators said to that one. */
export async function replaceRun(
  context: Context,
  client: Client,
  { schedule, runId, start }: { schedule: ScheduleKey; runId: string; start: WorkflowStartOptions<Workflow> },
): Promise<void> {
  await client.workflow.start('publish', { ...start, workflowIdConflictPolicy: 'TERMINATE_EXISTING' });
  for (const { name, body, eventId } of await saidTo(client, start.workflowId, runId)) {
    const messageId = `${runId}/${eventId}`;
    await answer(context.ledger, { schedule, messageId, name, body, fromOutside: true });
  }
}

interface Said {
  readonly name: string;
  readonly body: unknown;
  readonly eventId: string;
}

/** Every signal of a run that has ended, but for our own words; a value that cannot be read is nonsense like any other. */
async function saidTo(client: Client, workflowId: string, runId: string): Promise<Said[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).flatMap(({ eventId, workflowExecutionSignaledEventAttributes: signal }) => {
    const name = signal?.signalName;
    if (!name || name === LOOK_AGAIN || name === ACCOUNT_FREE) return [];
    return [{ name, body: bodyOf(signal.input?.payloads?.[0]), eventId: String(eventId) }];
  });
}

function bodyOf(payload: Payload | undefined): unknown {
  if (payload === undefined) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    return '(a value that cannot be read)';
  }
}
