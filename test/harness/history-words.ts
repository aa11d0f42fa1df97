// Everything that Temporal holds of a workflow's history, as one text.
import type { Client } from '@temporalio/client';

/** `client` opens nothing that is sealed. */
export async function historyWords(client: Client, workflowId: string): Promise<string> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return [...wordsIn(events)].join('\n');
}

function* wordsIn(value: unknown): Generator<string> {
  if (value instanceof Uint8Array) yield Buffer.from(value).toString('latin1');
  else if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const one of value) yield* wordsIn(one);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* wordsIn(one);
}
