// GET /health: whether the server can do its work, tried in truth.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { connect } from '../../src/ledger/database/database.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { clientOfNobody, openApi, type TestApi } from './open-api.ts';

describe('health', () => {
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

  const healthIs = (body: Readonly<Record<string, string>>, of: TestApi = api) =>
    until(`health is ${JSON.stringify(body)}`, async () => {
      const answer = await of.ask('GET', '/health', { key: null });
      return expect.objectContaining(body).asymmetricMatch(answer.body) && answer;
    });

  it('is ok while everything answers, and leaves no trace of having asked', async () => {
    const answer = await healthIs({ status: 'ok' });
    expect(answer).toMatchObject({ status: 200, body: { status: 'ok', database: 'ok', temporal: 'ok', audit: 'ok' } });
    const { db } = stage.context.ledger;
    const before = await db.execute(sql`select count(*) from audit_events`);
    await healthIs({ status: 'ok' });
    expect(await db.execute(sql`select count(*) from audit_events`)).toEqual(before);
    expect(await firstAuditBreak(db, stage.workspaceId)).toBeNull();
  });

  it('is degraded while the audit trail cannot be written, and ok again after', async () => {
    const { db } = stage.context.ledger;
    await db.execute(
      sql`create function no_audit() returns trigger language plpgsql as $$ begin raise exception 'no space left on device'; end $$`,
    );
    await db.execute(
      sql`create trigger no_audit before insert on audit_events for each row execute function no_audit()`,
    );
    expect(await healthIs({ status: 'degraded' })).toMatchObject({
      status: 503,
      body: { database: 'ok', audit: 'failing' },
    });
    const refused = await api.ask('POST', '/api/schedules', { json: { account: 'nobody', text: 'a' } });
    expect(refused.status).toBe(404);
    await db.execute(sql`drop trigger no_audit on audit_events`);
    expect(await healthIs({ status: 'ok' })).toMatchObject({ status: 200 });
  });

  it('stores nothing that cannot be audited', async () => {
    const { db } = stage.context.ledger;
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
    await db.execute(
      sql`create trigger no_audit before insert on audit_events for each row execute function no_audit()`,
    );
    const refused = await api.ask('POST', '/api/schedules', {
      json: { id: 'unaudited', account: 'sandbox-x', text: 'a' },
    });
    expect(refused).toMatchObject({ status: 500, body: { error: { code: 'internal_error' } } });
    expect(JSON.stringify(refused.body)).not.toContain('no space');
    await db.execute(sql`drop trigger no_audit on audit_events`);
    expect((await api.ask('GET', '/api/schedules/unaudited')).status).toBe(404);
  });

  it('is degraded while Temporal is away', async () => {
    const away = await openApi(stage, { client: clientOfNobody() });
    expect(await healthIs({ temporal: 'failing' }, away)).toMatchObject({
      status: 503,
      body: { database: 'ok', audit: 'ok' },
    });
    await away.close();
  });

  it('is degraded while the database is away, and every call says so', async () => {
    const connection = connect('postgres://nobody@127.0.0.1:1/none', { maxConnections: 2 });
    const away = await openApi(stage, { context: { ledger: { ...stage.context.ledger, db: connection.db } } });
    expect(await away.ask('GET', '/health')).toMatchObject({
      status: 503,
      body: { database: 'failing', audit: 'failing', temporal: 'ok' },
    });
    for (const [method, path] of [
      ['GET', '/api/items'],
      ['POST', '/api/jobs/replay'],
    ] as const) {
      const answer = await away.ask(method, path);
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'ledger_unavailable' } } });
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    await away.close();
    await connection.close();
  });
});
