// A worker that dies in the middle of an export: another one begins it anew, and the bundle is whole.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findProofExport } from '../../src/ledger/proof/proof-exports.ts';
import { bundlePath } from '../../src/proof/export/bundle-file.ts';
import { verifyBundle } from '../../src/proof/verify/verify-bundle.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { placeAccount } from '../recovery/place.ts';
import { placeMany } from './place-many.ts';

const COUNT = 8_000;
let stage: Stage;
let api: TestApi;

beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage, { context: { dataFolder: stage.folder } });
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

it('is followed by another, which leaves one whole bundle and nothing of the first', async () => {
  const from = new Date('2026-11-01T00:00:00.000Z');
  const to = await placeMany(stage, await placeAccount(stage, { name: 'harbour' }), COUNT, from);
  const worker = await stage.startWorker({ ONCEPOST_DATA: stage.folder });
  const { id } = await api.client().proof.ask({ from: from.toISOString(), to: to.toISOString() });
  const seen = () => api.client().proof.get(id);
  await until('it is being made', async () => (await seen()).state === 'running');
  await worker.kill();
  expect(await seen()).toMatchObject({ state: 'running', recordsInAll: COUNT });
  await stage.startWorker({ ONCEPOST_DATA: stage.folder });
  const made = await api.client().proof.waitForEnd(id);
  expect(made).toMatchObject({ state: 'done', records: COUNT });
  const row = await findProofExport(stage.context.ledger, stage.workspaceId, id);
  const path = bundlePath(stage.folder, { id, sha256: row?.sha256 ?? '' });
  expect(await verifyBundle(path, { keys: null, secret: null })).toMatchObject({
    holds: true,
    manifest: { records: COUNT },
  });
  expect(await readdir(join(stage.folder, 'exports'))).toHaveLength(1);
});

it('that is canceled in Temporal says so, and leaves nothing', async () => {
  const { id } = await api.client().proof.ask({ from: '2026-11-01T00:00:00Z', to: '2027-11-01T00:00:00Z' });
  await stage.temporal.workflow.getHandle(`proof/${stage.workspaceId}/${id}`).cancel();
  const ended = await api.client().proof.waitForEnd(id);
  expect(ended).toMatchObject({ state: 'failed', problem: 'It was canceled in Temporal; ask for a new one.' });
  await until('its attempt has ended too', async () => {
    const left = await readdir(join(stage.folder, 'exports'));
    return !left.some((name) => name.startsWith(id));
  });
});
