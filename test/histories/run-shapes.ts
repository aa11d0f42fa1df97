// Every shape a run's history can take, each as the script that brings it about on a stage, with the pipeline that is shipped.
import { WORKSPACE } from '../harness/workflow-id.ts';
import type { Stage } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';

interface Played {
  readonly workflowId: string;
}

let runs = 0;

async function start(stage: Stage, input: object) {
  runs += 1;
  const second = String(runs).padStart(2, '0');
  const workflowId = `pipeline/${WORKSPACE}/20261128-0700${second}-a-run`;
  const { taskQueue } = stage;
  return stage.temporal.workflow.start('pipeline', { workflowId, taskQueue, args: [input] });
}

const RUN = { run: { pipeline: 'article', slug: 'a-run', files: { 'brief.md': 'About the sea.' } } };

type Handle = Awaited<ReturnType<typeof start>>;

const stands = (handle: Handle, stage: string, state: string) =>
  until(`the run is ${state} at ${stage}`, async () => {
    const { step } = await handle.query<{ step: { stageId: string; state: string } | null }>('status');
    return step?.stageId === stage && step.state === state;
  });

async function waiting(stage: Stage): Promise<Handle> {
  const handle = await start(stage, RUN);
  await stands(handle, 'research', 'waiting');
  return handle;
}

const submit = (handle: Handle) => handle.signal('submit', { files: { 'research.md': 'Waves.' }, requestedBy: 'Olga' });

export const RUN_SHAPES: Readonly<Record<string, (stage: Stage) => Promise<Played>>> = {
  'run-waiting': waiting,
  async 'run-handed-in'(stage) {
    const handle = await waiting(stage);
    await submit(handle);
    await stands(handle, 'write', 'waiting');
    return handle;
  },
  async 'run-canceled'(stage) {
    const handle = await waiting(stage);
    await handle.executeUpdate('cancel', { args: [{ requestedBy: 'Olga' }] });
    await handle.result();
    return handle;
  },
  async 'run-messages-refused'(stage) {
    const handle = await waiting(stage);
    await handle.signal('retry');
    await handle.signal('dance', 'now');
    await handle.executeUpdate('submit', { args: [{ files: {} }] });
    return handle;
  },
  async 'run-refused'(stage) {
    const handle = await start(stage, { run: { ...RUN.run, pipeline: 'nothing' } });
    await handle.result().catch(() => null);
    return handle;
  },
  async 'run-invalid-start'(stage) {
    const handle = await start(stage, { nothing: true });
    await handle.result().catch(() => null);
    return handle;
  },
};
