// An export that is stopped at any of its pages, while the database already reads the next one: it ends, and the ledger's
// connection is free of it.
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveProofExport } from '../../src/ledger/proof/proof-exports.ts';
import { ExportStopped, makeExport } from '../../src/proof/export/make-export.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { placeAccount } from '../recovery/place.ts';
import { placeMany } from './place-many.ts';

const OLGA = { type: 'SELF_DECLARED', id: 'Olga', label: 'Olga' } as const;
const from = new Date('2026-11-01T00:00:00.000Z');
let stage: Stage;
let to: Date;

beforeAll(async () => {
  stage = await openStage();
  to = await placeMany(stage, await placeAccount(stage, { name: 'harbour' }), 3_000, from);
});
afterAll(() => stage.close());

async function makeUntil(records: number): Promise<void> {
  const { context, workspaceId, folder: dataFolder } = stage;
  const key = { workspaceId, id: randomUUID() };
  const range = { rangeFrom: from, rangeTo: to, platforms: [], accounts: [] };
  await saveProofExport(context.ledger, { ...key, ...range, actor: OLGA });
  const stop = new AbortController();
  const told = (reached: number) => {
    if (reached >= records) stop.abort();
  };
  await makeExport({ ...context, dataFolder }, key, { told, withdrawn: stop.signal });
}

it.each([500, 1_000, 1_500, 2_000, 2_500, 3_000, 500, 1_000])(
  'ends soon after %i records, and leaves nothing',
  async (records) => {
    await expect(makeUntil(records)).rejects.toThrow(ExportStopped);
    expect(await readdir(join(stage.folder, 'exports'))).toEqual([]);
  },
);
