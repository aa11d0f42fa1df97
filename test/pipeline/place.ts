// A stage with pipelines: the API to start and steer runs, and what is awaited of them.
import { type RunView, runViewSchema } from '../../src/domain/pipeline/run-view.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import type { TestProcess } from '../harness/processes.ts';
import type { SettingChanges } from '../harness/settings.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

export interface PipelinePlace {
  readonly stage: Stage;
  readonly api: TestApi;
  /** Starts a run; answers its id. */
  start(request: Readonly<Record<string, unknown>>): Promise<string>;
  look(runId: string): Promise<RunView>;
  /** For one that another door starts. */
  untilRunStarted(runId: string): Promise<void>;
  /** The run once it stands so. */
  untilRun(runId: string, what: string, stands: (view: RunView) => boolean): Promise<RunView>;
  /** Once so many calls were noted. */
  untilCalled(calls: () => Promise<readonly string[]>, count: number): Promise<void>;
  /** Kills the worker where it is, and starts another. */
  restartWorker(): Promise<void>;
  startWorker(env?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** Opens it; `pipelines` as temporal.yaml writes them. */
export async function openPipelinePlace(pipelines: object, settings: SettingChanges = {}): Promise<PipelinePlace> {
  const stage = await openStage({ pipelines, ...settings });
  const api = await openApi(stage);
  let worker: TestProcess | null = null;
  const startWorker = async (env?: Readonly<Record<string, string>>) => {
    worker = await stage.startWorker(env);
  };
  const look = async (runId: string) => runViewSchema.parse((await api.ask('GET', `/api/runs/${runId}`)).body);
  return {
    stage,
    api,
    async start(request) {
      const { status, body } = await api.ask('POST', '/api/runs', { json: request });
      if (status !== 201 || typeof body !== 'object' || body === null || !('id' in body)) {
        throw new TypeError(`no run: ${status} ${JSON.stringify(body)}`);
      }
      return String(body.id);
    },
    look,
    untilRunStarted: (runId) =>
      until(`${runId} is taken in`, async () => (await api.ask('GET', `/api/runs/${runId}`)).status === 200).then(
        () => {},
      ),
    untilRun: (runId, what, stands) =>
      until(`${runId} ${what}`, async () => {
        const view = await look(runId);
        return stands(view) && view;
      }).catch(async (cause) => {
        const { run, attempts, stages } = await look(runId);
        const words = stages.map(({ id, state, cause: why, says }) => `${id} ${state} ${why?.text ?? says ?? ''}`);
        throw new TypeError(`${runId}: ${run.state}, ${attempts.length} attempts: ${words.join('; ')}`, { cause });
      }),
    untilCalled: (calls, count) =>
      until(`${count} calls were made`, async () => (await calls()).length >= count).then(() => {}),
    startWorker,
    async restartWorker() {
      await worker?.kill('SIGKILL');
      await startWorker();
    },
    async close() {
      await api.close();
      await stage.close();
    },
  };
}
