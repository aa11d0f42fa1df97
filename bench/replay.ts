// How long a thousand stored histories take to replay over the present workflow.
import { Worker } from '@temporalio/worker';
import { bundle } from '../src/boot/workflow-bundle.ts';
import { storedHistories } from '../test/histories/stored.ts';
import { rounded } from './stage.ts';

const HISTORIES = 1_000;

export async function replay(): Promise<{ seconds: number; shapes: number }> {
  const shapes = [...storedHistories()];
  const workflowBundle = await bundle();
  const startedMs = performance.now();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, repeated(shapes))) {
    if (error) throw new TypeError(`history ${workflowId} does not replay`, { cause: error });
  }
  return { seconds: rounded((performance.now() - startedMs) / 1000), shapes: shapes.length };
}

function* repeated<Shape>(shapes: readonly Shape[]) {
  for (let index = 0; index < HISTORIES; index += 1) {
    const shape = shapes[index % shapes.length];
    if (shape !== undefined) yield shape;
  }
}
