// Temporal is killed while publishes are under way and while they wait, and started again on its store: every post is
// live once, and no wait is forgotten.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readResult } from '../../src/ledger/schedules/result.ts';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal/temporal.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { freePort } from '../harness/free-port.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, lawsOf, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStageOn, type Stage } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';
import { sandboxKind, xKinds } from './practice.ts';
import { casesOf, endsOf, SWEEP_SETTINGS, startAll, takeCensus, untilAllStand } from './sweep.ts';

describe('while Temporal is away', () => {
  let folder: string;
  let startTemporal: () => Promise<TemporalServer>;
  let temporal: TemporalServer;
  let stage: Stage;
  let media: MediaFiles;
  let worker: TestProcess;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oncepost-outage-'));
    const settings = loadSettings(fileURLToPath(new URL('../../temporal.yaml', import.meta.url)));
    const options = {
      program: inject('temporalProgram'),
      dataFolder: folder,
      port: await freePort(),
      uiPort: await freePort(),
      namespace: settings.namespace.name,
      searchAttributes: settings.searchAttributes,
    };
    startTemporal = () => startTemporalServer(options);
    temporal = await startTemporal();
    const servers = { postgresUrl: inject('postgresUrl'), temporalAddress: temporal.address };
    stage = await openStageOn(servers, { ...SWEEP_SETTINGS, 'timeouts.answer': '30s' });
    media = await serveMedia();
    worker = await stage.startWorker();
  });
  afterAll(async () => {
    await stage.close();
    await media.close();
    await temporal.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const killTemporal = async () => {
    process.kill(temporal.pid, 'SIGKILL');
    await temporal.exited();
  };
  const stateOf = async (scheduleId: string) => (await readResult(stage.context.ledger, stage.keyOf(scheduleId))).state;

  it('killed at any step: the attempt goes on without it, and its end is not lost', async () => {
    const kinds = xKinds(stage, media);
    const standing = await startAll(stage, casesOf(kinds, await takeCensus(stage, kinds)));
    await untilAllStand(stage, standing, worker);
    await killTemporal();
    for (const { hold } of standing) hold.release();
    for (const { title, practice } of standing.filter(({ title }) => /prepared|before_intent|media_/.test(title))) {
      await until(`it is live meanwhile: ${title}`, async () => (await practice.live()) === 1);
    }
    temporal = await startTemporal();
    expect(await endsOf(stage, standing)).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    expect(await auditBreak(stage)).toBeNull();
  }, 300_000);

  it('killed while publishes wait for their time, for a rate limit and for a person: all of them still do', async () => {
    const text = sandboxKind(stage, { name: 'X text that waits', platform: 'x', post: () => ({}) });
    const due = await text.open();
    const throttled = await text.open();
    await throttled.meet({ kind: 'rate_limited', form: 'epoch', resetInMs: 15_000 });
    const refused = await text.open();
    await refused.meet({ kind: 'refuse_before', preset: 'invalid_url' });
    const waits = [
      { practice: due, state: 'queued', publishAt: new Date(Date.now() + 15_000).toISOString() },
      { practice: throttled, state: 'retry_later' },
      { practice: refused, state: 'failed' },
    ];
    const publishes = await Promise.all(
      waits.map(async ({ practice, state, publishAt }) => {
        const publish = await stage.startPublish({ ...practice.post, ...(publishAt ? { publishAt } : {}) });
        await until(`it is ${state}`, async () => (await stateOf(publish.scheduleId)) === state);
        return { publish, practice };
      }),
    );
    await killTemporal();
    temporal = await startTemporal();
    await publishes[2]?.publish.signal('replay', { requestedBy: 'Olga Operator' });
    for (const { publish, practice } of publishes) {
      await publish.result();
      expect(await lawsOf(stage, publish.scheduleId, practice)).toEqual(PUBLISHED_ONCE);
    }
    expect(await auditBreak(stage)).toBeNull();
  });
});
