// The practice runs as `npm start` brings them: made once, after the addresses were told; the incident, healed without a create. The
// site's own record judges.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OncepostClient } from '../../src/client/client.ts';
import { createSandboxControl, type SandboxControl } from '../../src/sandbox/control.ts';
import { until } from '../harness/until.ts';
import { type Everything, startEverything } from './start-everything.ts';

describe('the practice runs of npm start', () => {
  let everything: Everything;
  let client: OncepostClient;
  let sandbox: SandboxControl;
  beforeAll(async () => {
    everything = await startEverything('practice');
    ({ client } = everything);
    sandbox = createSandboxControl(`http://127.0.0.1:${everything.env.ONCEPOST_SANDBOX_PORT}`);
  });
  afterAll(async () => {
    await everything.stop();
    await everything.remove();
  });

  const runs = async () => (await client.runs.list({ pipeline: 'practice' })).runs;
  const table = async () => (await runs()).map(({ slug, state, stage, terminal }) => [slug, state, stage, terminal]);
  const incident = async () => {
    const run = (await runs()).find(({ slug }) => slug === 'live-though-told-failed');
    return client.runs.get(run?.id ?? '');
  };
  const creates = async () => (await sandbox.calls({ platform: 'site', call: 'create_post' })).length;
  const liveAt = async (address: string | null) =>
    (await sandbox.live({ platform: 'site' })).filter(({ url }) => url === address).length;
  const resultOf = async (id: string) =>
    JSON.parse(new TextDecoder().decode(await client.runs.artifact(id, 'publish-result.json')));

  it('are three that really ran: one published, one that waits for a text, and the incident', async () => {
    const { output } = everything;
    const { ONCEPOST_PORT: port } = everything.env;
    const told = `Practice     three runs of a pipeline: http://127.0.0.1:${port}/runs`;
    await until('the runs are made', () => output().includes(told), 120_000);
    expect(output().indexOf(told)).toBeGreaterThan(output().indexOf('Ctrl-C stops everything'));
    expect(await table()).toEqual([
      ['waits-for-your-text', 'waiting', 'write', null],
      ['live-though-told-failed', 'waiting', 'approve', null],
      ['published-and-checked', 'ended', 'live_qa', 'published'],
    ]);
    const { run, stages } = await incident();
    expect(stages.find(({ id }) => id === 'approve')).toMatchObject({ state: 'waiting' });
    expect(await resultOf(run.id)).toMatchObject({ state: 'failed', url: null, cause: { code: 'publish_failed' } });
    expect([await creates(), await liveAt(run.address)]).toEqual([2, 1]);
  });

  it('are not made again, neither by the next start nor by one that does not know that they were', async () => {
    const { output } = everything;
    const [before, ids] = [await creates(), (await runs()).map(({ id }) => id)];
    await everything.stop();
    await everything.start();
    expect(output()).not.toContain('Making the practice runs');
    // As a start that was killed before it had written down that they are made.
    await rm(join(everything.folder, 'data/practice-runs.done'));
    await everything.stop();
    await everything.start();
    await until('they were looked at', () => output().includes('Practice     three runs'), 120_000);
    expect([await creates(), (await runs()).map(({ id }) => id)]).toEqual([before, ids]);
    // Two starts of everything.
  }, 240_000);

  it('heal the incident when it is approved: the site is asked, the page is found, nothing is created', async () => {
    const before = await creates();
    const { run, asks } = await incident();
    await client.runs.decide(run.id, { verdict: 'approved', expectedFingerprint: asks?.fingerprint ?? '' });
    const healed = await until('it is published', async () => {
      const view = await incident();
      return view.run.terminal === 'published' && view;
    });
    expect(healed.attempts.slice(-3).map(({ stage, number, outcome }) => [stage, number, outcome])).toEqual([
      ['approve', 2, 'succeeded'],
      ['publish', 2, 'already_true'],
      ['live_qa', 1, 'succeeded'],
    ]);
    expect(await resultOf(run.id)).toMatchObject({ state: 'published', url: run.address });
    expect([await creates(), await liveAt(run.address)]).toEqual([before, 1]);
  });

  it('let the one that waits go its whole way with a text of one’s own', async () => {
    const run = (await runs()).find(({ slug }) => slug === 'waits-for-your-text');
    const id = run?.id ?? '';
    await client.runs.send(id, 'submit', { files: { 'draft.md': '# Mine\n\nMy own text.\n' } });
    const { asks } = await until('it asks', async () => {
      const view = await client.runs.get(id);
      return view.asks !== null && view;
    });
    await client.runs.decide(id, { verdict: 'approved', expectedFingerprint: asks?.fingerprint ?? '' });
    const { run: ended } = await until('it is published', async () => {
      const view = await client.runs.get(id);
      return view.run.terminal === 'published' && view;
    });
    expect(await liveAt(ended.address)).toBe(1);
    expect(await (await fetch(ended.address ?? '')).text()).toContain('<p>My own text.</p>');
  });
});
