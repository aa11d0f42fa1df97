// Connections and apps through the API and the command line: what a key may, what is refused, and that secrets stay in.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { person, visitor } from '../pages/visitor.ts';
import { PIPELINE, placeAccount } from '../recovery/place.ts';

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

describe('an account', () => {
  it('is shown, and disconnected twice as once', async () => {
    const id = await placeAccount(stage, { name: 'acme' });
    const shown = await api.ask('GET', `/api/accounts/${id}`);
    expect(shown).toMatchObject({ status: 200, body: { id, status: 'connected', repair: null } });
    expect(JSON.stringify(shown.body)).not.toContain('secret-token');
    for (let time = 0; time < 2; time += 1) {
      expect(await api.client().disconnect(id)).toMatchObject({
        status: 'disconnected',
        repair: { code: 'disconnected' },
      });
    }
  });

  it('is shown with what happened to it, the newest first, as its page tells it', async () => {
    const id = await placeAccount(stage, { name: 'with a story' });
    await placeAccount(stage, { name: 'without a part in it' });
    await api.client().disconnect(id);
    const { events } = await api.client().account(id);
    expect(events).toEqual([
      { position: expect.any(Number), type: 'account.disconnected', at: expect.any(String), actor: expect.any(Object) },
      { position: expect.any(Number), type: 'account.connected', at: expect.any(String), actor: PIPELINE },
    ]);
    expect(events[0]?.actor).toMatchObject({ type: 'API_KEY', label: 'nightly' });
    const page = await visitor(api.url, (await person(stage, { role: 'viewer' })).sessionId).get(`/connections/${id}`);
    for (const { at } of events) expect(page.text).toContain(at);
  });

  it('is listed from the command line with everything that is known of it', async () => {
    const id = await placeAccount(stage, { name: 'listed', status: 'reconnect_required' });
    const { code, stdout } = await oncepost(['accounts', 'list', '--workspace', WORKSPACE, '--json'], stage.env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ id, name: 'listed', repair: expect.objectContaining({ code: 'grant_dead' }) }),
    );
    expect(stdout).not.toContain('secret-token');
  });

  it.each(['no-id', '00000000-0000-4000-8000-000000000000'])('is not found as %s', async (id) => {
    expect((await api.ask('GET', `/api/accounts/${id}`)).status).toBe(404);
    expect((await api.ask('DELETE', `/api/accounts/${id}`)).status).toBe(404);
  });

  it('is changed by no key without the scope admin', async () => {
    const id = await placeAccount(stage, { name: 'kept' });
    const key = await api.newKey(['schedules:read', 'schedules:write', 'recover']);
    expect((await api.ask('DELETE', `/api/accounts/${id}`, { key })).status).toBe(403);
    expect((await api.ask('PUT', '/api/apps/x', { key, json: { clientId: 'a' } })).status).toBe(403);
    expect((await api.ask('GET', `/api/accounts/${id}`)).body).toMatchObject({ status: 'connected' });
  });
});

describe('an app', () => {
  const SECRET = 'secret-of-the-app';

  it('is set, listed without its secret, and removed', async () => {
    const set = await api.ask('PUT', '/api/apps/x', { json: { clientId: 'our-app', clientSecret: SECRET } });
    expect(set).toMatchObject({
      status: 200,
      body: { apps: [{ platform: 'x', clientId: 'our-app', hasSecret: true }] },
    });
    expect(JSON.stringify(set.body)).not.toContain(SECRET);
    expect(await api.ask('DELETE', '/api/apps/x')).toMatchObject({ status: 200, body: { apps: [] } });
    expect((await api.ask('DELETE', '/api/apps/x')).status).toBe(404);
  });

  it.each([
    ['/api/apps/instagram', { clientId: 'a' }, 422],
    ['/api/apps/bluesky', { clientId: 'a' }, 422],
    ['/api/apps/nowhere', { clientId: 'a' }, 404],
    ['/api/apps/x', { clientId: 'a', apiBase: 'https://user:pass@x.example' }, 422],
  ])('is refused at %s with %j', async (path, json, status) => {
    expect((await api.ask('PUT', path, { json })).status).toBe(status);
    expect((await api.ask('GET', '/api/apps')).body).toEqual({ apps: [] });
  });

  it('is set from the command line with its secret on stdin', async () => {
    const args = ['--workspace', WORKSPACE];
    const set = await oncepost(
      ['apps', 'set', ...args, '--platform', 'x', '--client-id', 'cli-app'],
      stage.env,
      SECRET,
    );
    expect({ code: set.code, stdout: set.stdout }).toEqual({
      code: 0,
      stdout: 'Set the app of X. Address to come back to: http://127.0.0.1:7800/connections/x/callback\n',
    });
    const listed = await oncepost(['apps', 'list', ...args, '--json'], stage.env);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ platform: 'x', clientId: 'cli-app', hasSecret: true }]);
    expect(listed.stdout + listed.stderr).not.toContain(SECRET);
    const page = await oncepost(['connect', 'x', ...args], stage.env);
    expect(page.stdout).toBe(
      'X asks in a browser. Sign in to Oncepost, and open http://127.0.0.1:7800/connections/new/x\n',
    );
  });

  it.each([
    ['nothing', '', 'cannot be read'],
    ['a text', 'the-key', 'cannot be read'],
    ['a name there is not', '{"url": "https://blog.example", "key": "the-key"}', 'have a field that is not known'],
    ['no key', '{"apiBase": "https://blog.example"}', 'lack "accessToken"'],
  ])('says what it takes where %s comes on stdin', async (_what, sent, why) => {
    const { code, stdout, stderr } = await oncepost(['connect', 'ghost', '--workspace', WORKSPACE], stage.env, sent);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `The secrets on stdin ${why}, so nothing was connected; send JSON: {"apiBase": "Address of the site", "accessToken": "Admin API key"}.\n`,
    });
  });
});
