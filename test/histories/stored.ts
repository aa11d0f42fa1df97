// The stored histories: a folder per version of the package, each recorded by the workflows of that version.
import { readdirSync, readFileSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';

const HERE = new URL('./', import.meta.url);
const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');

/** The version that is being made, or was just released: what is recorded now belongs to it. */
export const THIS_VERSION = z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;

/** The versions that have a corpus. */
export function storedVersions(): string[] {
  return readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Every stored history as text, by `<version>/<shape>`. */
export function storedTexts(): Map<string, string> {
  const names = storedVersions().flatMap((version) => namesOf(version).map((name) => `${version}/${name}`));
  return new Map(names.map((name) => [name, readFileSync(new URL(`${name}.json`, HERE), 'utf8')]));
}

/** The shapes that one version's corpus holds. */
export function namesOf(version: string): string[] {
  if (!storedVersions().includes(version)) return [];
  const files = readdirSync(new URL(`${version}/`, HERE)).filter((file) => file.endsWith('.json'));
  return files.map((file) => file.replace('.json', ''));
}

/** Every stored history as a replay takes it, under the workflow's own id. */
export function* storedHistories() {
  for (const text of storedTexts().values()) {
    const history = historyFromJSON(JSON.parse(text));
    const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
    yield { workflowId, history };
  }
}
