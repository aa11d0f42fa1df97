// A Temporal server that suggests to continue as new after few events, so that a few messages are enough.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTemporalServer } from '../../src/local/temporal/temporal.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { freePort } from '../harness/free-port.ts';
import type { Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { untilMessages } from './shop.ts';

/** More than any publish takes that is not talked to. */
export const SUGGESTED_EVENTS = 60;

export async function startShortHistoryServer(program: string) {
  const folder = await mkdtemp(join(tmpdir(), 'oncepost-short-history-'));
  const settings = loadSettings(fileURLToPath(new URL('../../temporal.yaml', import.meta.url)));
  const server = await startTemporalServer({
    program,
    dataFolder: folder,
    port: await freePort(),
    uiPort: await freePort(),
    namespace: settings.namespace.name,
    searchAttributes: settings.searchAttributes,
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': String(SUGGESTED_EVENTS) },
    onProgress: () => {},
  });
  return {
    address: server.address,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends messages that change nothing until the run has continued as new `times` times; answers how many it took. */
export async function talkUntilContinued(stage: Stage, scheduleId: string, times: number): Promise<number> {
  const handle = stage.temporal.workflow.getHandle(workflowIdOf(scheduleId));
  let { runId } = await handle.describe();
  let sent = 0;
  for (let continued = 0; continued < times; ) {
    await handle.signal('chatter', { number: sent });
    sent += 1;
    await untilMessages(stage, scheduleId, sent);
    const now = await handle.describe();
    if (now.runId !== runId) continued += 1;
    ({ runId } = now);
  }
  return sent;
}
