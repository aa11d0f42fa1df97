// Exports by the real API, a real worker and the command line: what stands in the ledger stands in the bundle, once and in order.
import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProofExport, proofExportSchema } from '../../src/domain/proof/export-request.ts';
import { type ProofRecord, proofRecordSchema } from '../../src/domain/proof/record.ts';
import { saveProofExport } from '../../src/ledger/proof/proof-exports.ts';
import { connectedAccounts, workspaces } from '../../src/ledger/schema/accounts.ts';
import { proofExports } from '../../src/ledger/schema/proof.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { approvals, schedules } from '../../src/ledger/schema/schedules.ts';
import { startOpenExports } from '../../src/proof/export/request-export.ts';
import { verifyBundle } from '../../src/proof/verify/verify-bundle.ts';
import { clientOfNobody, openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { minutesAgo, PIPELINE, place, placeAccount } from '../recovery/place.ts';
import { textOf } from './text-of.ts';

let stage: Stage;
let api: TestApi;
let accounts: { x: string; bluesky: string };

const NOVEMBER = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const day = (number: number) => new Date(Date.UTC(2026, 10, number, 9));

beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage, { context: { dataFolder: stage.folder } });
  accounts = {
    x: await placeAccount(stage, { name: 'harbour' }),
    bluesky: await placeAccount(stage, { name: 'harbour on bluesky', platform: 'bluesky' }),
  };
  const { x, bluesky } = accounts;
  await place(stage, {
    id: 'live',
    state: 'published',
    accountId: x,
    publishAt: day(3),
    decision: { verdict: 'approved', minutesAgo: 900 },
  });
  await place(stage, { id: 'b-broken', state: 'failed', cause: 'media_invalid', accountId: x, publishAt: day(2) });
  await place(stage, {
    id: 'B-broken',
    state: 'failed',
    cause: 'rate_limited',
    accountId: bluesky,
    platform: 'bluesky',
    publishAt: day(2),
  });
  await place(stage, {
    id: 'stale',
    state: 'blocked',
    accountId: x,
    publishAt: day(4),
    decision: { verdict: 'approved', minutesAgo: 900, stale: true },
  });
  await place(stage, {
    id: 'before',
    state: 'published',
    accountId: x,
    publishAt: new Date('2026-10-31T23:59:59.999Z'),
  });
  await place(stage, {
    id: 'after',
    state: 'published',
    accountId: x,
    publishAt: new Date('2026-12-01T00:00:00.000Z'),
  });
  await place(stage, { id: 'set', state: 'queued', accountId: x, publishAt: day(5) });
  const { db } = stage.context.ledger;
  await db
    .update(schedules)
    .set({
      delivery: {
        publishAt: null,
        mode: 'publish',
        approvalRequired: false,
        options: {},
        deliverySet: { id: 'launch', memberCount: 4 },
      },
    })
    .where(eq(schedules.id, 'set'));
  await db.update(approvals).set({ reviewLinkId: randomUUID() }).where(eq(approvals.scheduleId, 'stale'));
  await stage.startWorker({ ONCEPOST_DATA: stage.folder });
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const ended = (id: string) => api.client().proof.waitForEnd(id);
const asked = async (request: object): Promise<ProofExport> => {
  const { status, body } = await api.ask('POST', '/api/proof/exports', { json: request });
  expect(status).toBe(200);
  return proofExportSchema.parse(body);
};

async function downloaded(id: string): Promise<string> {
  const response = await fetch(`${api.url}/api/proof/exports/${id}/file`, {
    headers: { authorization: `Bearer ${api.key}` },
  });
  expect(response.headers.get('content-type')).toBe('application/zip');
  const path = join(stage.folder, `${id}.zip`);
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
  return path;
}

async function recordsOf(request: object): Promise<ProofRecord[]> {
  const { id } = await asked(request);
  expect(await ended(id)).toMatchObject({ state: 'done', problem: null });
  const lines = (await textOf(await downloaded(id), 'records.jsonl')).split('\n').slice(0, -1);
  return lines.map((line) => proofRecordSchema.parse(JSON.parse(line)));
}

describe('a bundle', () => {
  it('goes on though its workflow was terminated, once the sweep has seen it', async () => {
    const { ledger } = stage.context;
    const id = randomUUID();
    const { workspaceId } = stage;
    const range = { rangeFrom: new Date(NOVEMBER.from), rangeTo: new Date(NOVEMBER.to) };
    await saveProofExport(ledger, { id, workspaceId, ...range, platforms: [], accounts: [], actor: PIPELINE });
    await ledger.db
      .update(proofExports)
      .set({ requestedAt: minutesAgo(5) })
      .where(eq(proofExports.id, id));
    await startOpenExports({ ...stage.context, client: stage.temporal });
    expect(await api.client().proof.waitForEnd(id)).toMatchObject({ state: 'done' });
  });

  it('holds one record per schedule of the range, by publish time, then id', async () => {
    const records = await recordsOf(NOVEMBER);
    expect(records.map(({ scheduleId }) => scheduleId)).toEqual(['B-broken', 'b-broken', 'live', 'stale', 'set']);
  });
  it('says of each what became of it', async () => {
    const [, broken, live, stale, set] = await recordsOf(NOVEMBER);
    expect(live).toMatchObject({
      targetAccount: 'harbour',
      platform: 'x',
      publishAtISO: '2026-11-03T09:00:00.000Z',
      approverIdentity: 'nightly pipeline',
      approverSource: 'internal',
      invalidationReason: null,
      publishOutcome: 'published',
      platformPostId: 'live',
      exceptionCause: null,
      recoveryAction: 'none',
      deliverySetId: null,
    });
    expect(broken).toMatchObject({
      publishOutcome: 'publish_failed',
      publishedAtISO: null,
      exceptionCause: 'media_invalid',
      recoveryAction: 'review_media',
      recoveryActor: PIPELINE.label,
    });
    expect(stale).toMatchObject({ approverSource: 'external_self_declared', invalidationReason: 'superseded' });
    expect(set).toMatchObject({ publishOutcome: 'queued', deliverySetId: 'launch', deliverySetMemberCount: 4 });
  });
  it('is of the platforms and accounts that were asked for, by name or id', async () => {
    const ids = async (request: object) =>
      (await recordsOf({ ...NOVEMBER, ...request })).map(({ scheduleId }) => scheduleId);
    expect(await ids({ platforms: ['bluesky'] })).toEqual(['B-broken']);
    expect(await ids({ accounts: ['harbour on bluesky'] })).toEqual(['B-broken']);
    expect(await ids({ accounts: [accounts.bluesky] })).toEqual(['B-broken']);
  });
  it('of a decade is fine, and holds as what the published keys signed', async () => {
    const { id } = await asked({ from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' });
    const made = await ended(id);
    expect(made).toMatchObject({ state: 'done', records: 7, recordsInAll: 7 });
    const keys = await (await fetch(`${api.url}/.well-known/oncepost-proof-keys.json`)).text();
    const path = await downloaded(id);
    expect((await readFile(path)).length).toBe(made.sizeBytes);
    expect(await verifyBundle(path, { keys, secret: null })).toMatchObject({
      holds: true,
      origin: { signature: true },
    });
  });
  it('leaves nothing half made behind, and its audit rows', async () => {
    const { id } = await asked(NOVEMBER);
    await ended(id);
    expect((await readdir(join(stage.folder, 'exports'))).filter((name) => !name.endsWith('.zip'))).toEqual([]);
    const rows = await stage.context.ledger.db.select().from(auditEvents).where(eq(auditEvents.traceId, id));
    expect(rows.map(({ type }) => type)).toEqual(['proof.export_requested', 'proof.export_made']);
  });
});

describe('keys', () => {
  it('that were changed still prove what they signed', async () => {
    const { id } = await asked(NOVEMBER);
    await ended(id);
    const path = await downloaded(id);
    const changed = await api.ask('POST', '/api/proof/keys');
    expect(changed.status).toBe(201);
    const keys = JSON.stringify((await api.ask('GET', '/.well-known/oncepost-proof-keys.json', { key: null })).body);
    expect(await verifyBundle(path, { keys, secret: null })).toMatchObject({ holds: true });
    const { id: next } = await asked(NOVEMBER);
    await ended(next);
    const manifest = JSON.parse(await textOf(await downloaded(next), 'manifest.json'));
    expect({ id: manifest.signature.keyId }).toEqual(changed.body);
  });
  it('never show a secret again, and a secret that was shown authenticates what follows', async () => {
    const made = await api.ask('POST', '/api/proof/secrets');
    expect(made.status).toBe(201);
    const { secret } = made.body as { secret: string };
    const listed = await api.ask('GET', '/api/proof/keys');
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const { id } = await asked(NOVEMBER);
    await ended(id);
    expect(await verifyBundle(await downloaded(id), { keys: null, secret })).toMatchObject({ origin: { hmac: true } });
  });
  it('are changed by admins alone', async () => {
    const key = await api.newKey(['proof']);
    expect((await api.ask('POST', '/api/proof/keys', { key })).status).toBe(403);
    expect((await api.ask('POST', '/api/proof/secrets', { key })).status).toBe(403);
    expect((await api.ask('GET', '/api/proof/exports', { key })).status).toBe(200);
  });
});

describe('what is refused', () => {
  it.each([
    ['a range that ends before it begins', { from: NOVEMBER.to, to: NOVEMBER.from }, 'to'],
    ['an empty range', { from: NOVEMBER.from, to: NOVEMBER.from }, 'to'],
    ['a range of a century', { from: '1950-01-01T00:00:00Z', to: '2050-01-01T00:00:00Z' }, 'to'],
    ['a day without a time', { from: '2026-11-01', to: NOVEMBER.to }, 'from'],
    ['an account there is not', { ...NOVEMBER, accounts: ['harbour', 'nobody'] }, 'accounts.1'],
    ['a field there is not', { ...NOVEMBER, format: 'pdf' }, 'format'],
  ])('%s', async (_, json, field) => {
    const { status, body } = await api.ask('POST', '/api/proof/exports', { json });
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { code: 'invalid_request', problems: [{ field }] } });
  });
  it("another workspace's export, and an id that is none", async () => {
    const other = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: other, name: 'other', createdAt: new Date() });
    const key = await api.newKey(['proof'], other);
    const { id } = await asked(NOVEMBER);
    await ended(id);
    for (const path of [`/api/proof/exports/${id}`, `/api/proof/exports/${id}/file`, '/api/proof/exports/x']) {
      expect((await api.ask('GET', path, { key })).status).toBe(404);
    }
    expect((await api.ask('GET', '/api/proof/exports', { key })).body).toEqual({ exports: [] });
    const theirs = await stage.context.ledger.db
      .select()
      .from(connectedAccounts)
      .where(eq(connectedAccounts.workspaceId, other));
    expect(theirs).toEqual([]);
  });
  it('a key without the scope', async () => {
    const key = await api.newKey(['schedules:read']);
    expect((await api.ask('POST', '/api/proof/exports', { key, json: NOVEMBER })).status).toBe(403);
  });
  it('everything while Temporal is away, and the list says why', async () => {
    const away = await openApi(stage, { client: clientOfNobody(), context: { dataFolder: stage.folder } });
    expect((await away.ask('POST', '/api/proof/exports', { json: NOVEMBER })).status).toBe(503);
    const [newest] = (await api.client().proof.list()).exports;
    expect(newest).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('Temporal could not be reached'),
    });
    const { body } = await api.ask('GET', `/api/proof/exports/${newest?.id}/file`);
    expect(body).toMatchObject({ error: { code: 'proof_not_ready' } });
    await away.close();
  });
  it('a download where the bundle does not lie', async () => {
    const elsewhere = await openApi(stage, { context: { dataFolder: join(stage.folder, 'elsewhere') } });
    const { id } = await asked(NOVEMBER);
    await ended(id);
    expect((await elsewhere.ask('GET', `/api/proof/exports/${id}/file`)).body).toMatchObject({
      error: { code: 'proof_elsewhere' },
    });
    await elsewhere.close();
  });
});

describe('asked twice with one key', () => {
  it('it is one export', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [first, second] = [
      await api.ask('POST', '/api/proof/exports', { json: NOVEMBER, headers }),
      await api.ask('POST', '/api/proof/exports', { json: NOVEMBER, headers }),
    ];
    expect(proofExportSchema.parse(second.body).id).toBe(proofExportSchema.parse(first.body).id);
  });
});
