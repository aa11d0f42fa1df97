// Makes a run's history fit to be stored: nothing in it names a machine, a path or a person's program.
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** What is left of a field, by its name. Identities are `pid@host`; stack traces hold paths. */
const SCRUBBED: Readonly<Record<string, string>> = { identity: 'someone', stackTrace: '' };

/** The history as JSON, an event per line. */
export function storedHistory(history: History): string {
  const { events } = JSON.parse(historyToJSON(history)) as { events: unknown[] };
  return `{"events":[\n${events.map((event) => JSON.stringify(scrubbed(event))).join(',\n')}\n]}\n`;
}

function scrubbed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrubbed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scrubbedField(key, inner)]));
}

function scrubbedField(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return scrubbed(value);
  // A sticky task queue is named after the worker's process and host.
  if (key === 'name' && value.includes('@')) return 'sticky';
  return SCRUBBED[key] ?? value;
}
