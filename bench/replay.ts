// How long a thousand stored histories take to replay over the present workflow.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { bundle } from '../src/runtime/workflow-bundle.ts';
import { rounded } from './stage.ts';

const HISTORIES = 1_000;
const FOLDER = fileURLToPath(new URL('../test/histories/recorded', import.meta.url));

export async function replay(): Promise<{ seconds: number; shapes: number }> {
  const shapes = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => historyFromJSON(JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))));
  const workflowBundle = await bundle();
  const startedMs = performance.now();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, repeated(shapes))) {
    if (error) throw new TypeError(`history ${workflowId} does not replay`, { cause: error });
  }
  return { seconds: rounded((performance.now() - startedMs) / 1000), shapes: shapes.length };
}

async function* repeated<History>(shapes: readonly History[]) {
  for (let index = 0; index < HISTORIES; index += 1) {
    const history = shapes[index % shapes.length];
    if (history !== undefined) yield { workflowId: `replay-${index}`, history };
  }
}
