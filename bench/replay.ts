// How long a stored history of ours takes to replay over the present workflow, by one of the bare one-activity workflow:
// in turn, so that both meet the same noise. `ratio` compares the happy path, which has the same eleven events.
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { bundle } from '../src/boot/workflow-bundle.ts';
import { storedHistories } from '../test/histories/stored.ts';
import { onStage, quantile, rounded, startFloor } from './stage.ts';

const ROUNDS = 9;
const PER_ROUND = 200;

type Stored = ReturnType<typeof storedHistories> extends Generator<infer One> ? One : never;

export async function replay(): Promise<Record<string, number>> {
  const bare = await bareHistory();
  const noop = await bundleWorkflowCode({ workflowsPath: new URL('./noop-workflow.ts', import.meta.url).pathname });
  const ours = await bundle();
  const shapes = [...storedHistories()];
  const happy = shapes.filter(({ history }) => history.events?.length === bare.history.events?.length);
  const figures = { bare: [] as number[], happy: [] as number[], all: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const took = {
      bare: await perHistoryMs(noop, [bare]),
      happy: await perHistoryMs(ours, happy.slice(0, 1)),
      all: await perHistoryMs(ours, shapes),
    };
    // The first round warms up.
    if (round > 0) for (const key of ['bare', 'happy', 'all'] as const) figures[key].push(took[key]);
  }
  const over = (key: 'happy' | 'all') => figures[key].map((ms, round) => ms / (figures.bare[round] ?? Number.NaN));
  return {
    ratio: rounded(quantile(over('happy'), 0.5)),
    ratioAllShapes: rounded(quantile(over('all'), 0.5)),
    bareMs: rounded(quantile(figures.bare, 0.5)),
    happyMs: rounded(quantile(figures.happy, 0.5)),
    shapes: shapes.length,
  };
}

/** From the first history's end to the last one's: what a replay worker takes to start is not counted. */
async function perHistoryMs(workflowBundle: { code: string }, shapes: readonly Stored[]): Promise<number> {
  let startedMs = Number.NaN;
  let replayed = 0;
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, repeated(shapes))) {
    if (error) throw new TypeError(`history ${workflowId} does not replay`, { cause: error });
    if (replayed === 0) startedMs = performance.now();
    replayed += 1;
  }
  return (performance.now() - startedMs) / (replayed - 1);
}

function* repeated(shapes: readonly Stored[]): Generator<Stored> {
  for (let index = 0; index <= PER_ROUND; index += 1) {
    const shape = shapes[index % shapes.length];
    if (shape !== undefined) yield shape;
  }
}

function bareHistory(): Promise<Stored> {
  return onStage({}, async (stage) => {
    const floor = await startFloor(stage);
    await floor.run('bare');
    const history = await stage.temporal.workflow.getHandle('bare').fetchHistory();
    await floor.kill();
    return { workflowId: 'bare', history };
  });
}
