// The stored histories, read from their folder.
import { readdirSync, readFileSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';

const FOLDER = new URL('./recorded/', import.meta.url);

/** Every stored history by name, as text. */
export function storedTexts(): Map<string, string> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  return new Map(files.map((file) => [file.replace('.json', ''), readFileSync(new URL(file, FOLDER), 'utf8')]));
}

/** Every stored history as a replay takes it, under the workflow's own id. */
export function* storedHistories() {
  for (const text of storedTexts().values()) {
    const history = historyFromJSON(JSON.parse(text));
    const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
    yield { workflowId, history };
  }
}
