// Every shape a run's history can take, each as the script that brings it about on a stage, with the pipeline that is shipped.
import { SYSTEM_ACTOR } from '../../src/domain/people/actor.ts';
import { insertRecheck } from '../../src/ledger/runs/rechecks.ts';
import { isRun } from '../../src/ledger/runs/run-facts.ts';
import { runs as rows } from '../../src/ledger/schema/pipelines.ts';
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
  async 'run-rechecked'(stage) {
    const handle = await waiting(stage);
    const { ledger } = stage.context;
    const [, , runId = ''] = handle.workflowId.split('/');
    const key = { workspaceId: stage.workspaceId, runId };
    await ledger.db.update(rows).set({ state: 'ended', terminal: 'published' }).where(isRun(key));
    // What its page was checked against is on no record, so each look says that nobody can tell.
    const asked = await insertRecheck(ledger, { key, address: 'https://blog.example/a-run/', actor: SYSTEM_ACTOR });
    if (asked.kind !== 'asked') throw new TypeError(asked.kind);
    const args = [{ workspaceId: stage.workspaceId, id: asked.recheck.id }];
    const workflowId = `recheck-${asked.recheck.id}`;
    await stage.temporal.workflow.execute('recheck', { workflowId, taskQueue: stage.taskQueue, args });
    return { workflowId };
  },
  async 'run-invalid-start'(stage) {
    const handle = await start(stage, { nothing: true });
    await handle.result().catch(() => null);
    return handle;
  },
};
