// API keys: told once, kept as a digest, bound to a workspace and to scopes, and gone for good when they are revoked.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey, findApiKey, listApiKeys, revokeApiKey } from '../../src/ledger/workspaces/api-keys.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { openApi, type TestApi } from './open-api.ts';

const ADMIN = { type: 'USER', id: 'admin-1', label: 'Ada Admin' } as const;

describe('an API key', () => {
  let stage: Stage;
  let api: TestApi;
  beforeAll(async () => {
    stage = await openStage();
    api = await openApi(stage);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  const make = () =>
    createApiKey(stage.context.ledger, {
      workspaceId: stage.workspaceId,
      name: 'pipeline',
      scopes: ['schedules:read'],
      actor: ADMIN,
    });

  it('is random, can be told from other secrets, and stands nowhere in the database', async () => {
    const [one, two] = [await make(), await make()];
    expect(one.key).toMatch(/^op_[\w-]{43}$/);
    expect(one.key).not.toBe(two.key);
    const [dump] = await stage.context.ledger.db.execute<{ text: string }>(
      sql`select (select json_agg(k) from api_keys k)::text || (select json_agg(a) from audit_events a)::text as text`,
    );
    expect(dump?.text).toContain('api_key.created');
    expect(dump?.text).not.toContain(one.key);
    expect(dump?.text).not.toContain(one.key.slice(12));
  });

  it('is found by its secret alone, with its workspace and scopes', async () => {
    const { id, key } = await make();
    const { ledger } = stage.context;
    expect(await findApiKey(ledger, key)).toMatchObject({
      id,
      workspaceId: stage.workspaceId,
      workspaceName: 'sandbox',
      name: 'pipeline',
      scopes: ['schedules:read'],
      prefix: key.slice(0, 9),
    });
    for (const other of ['', 'op_', key.slice(3), `${key}=`, key.toUpperCase()])
      expect(await findApiKey(ledger, other)).toBeNull();
  });

  it('lets nobody in once it is revoked, and the trail says by whom', async () => {
    const { id, key } = await make();
    const { ledger } = stage.context;
    expect((await api.ask('GET', '/api/items', { key })).status).toBe(200);
    expect(await revokeApiKey(ledger, stage.workspaceId, id, ADMIN)).toBe(true);
    expect((await api.ask('GET', '/api/items', { key })).status).toBe(401);
    expect((await listApiKeys(ledger, stage.workspaceId)).map((known) => known.id)).not.toContain(id);
    const rows = await ledger.db.execute(
      sql`select actor from audit_events where type = 'api_key.revoked' and payload ->> 'apiKeyId' = ${id}`,
    );
    expect(rows).toEqual([{ actor: ADMIN }]);
  });

  it('cannot be revoked twice, by a word that is no id, or from another workspace', async () => {
    const { id } = await make();
    const { ledger } = stage.context;
    expect(await revokeApiKey(ledger, '00000000-0000-4000-8000-000000000000', id, ADMIN)).toBe(false);
    expect(await revokeApiKey(ledger, stage.workspaceId, 'pipeline', ADMIN)).toBe(false);
    expect(await revokeApiKey(ledger, stage.workspaceId, id, ADMIN)).toBe(true);
    expect(await revokeApiKey(ledger, stage.workspaceId, id, ADMIN)).toBe(false);
  });
});
