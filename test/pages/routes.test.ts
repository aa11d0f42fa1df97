// Every route of pages and API needs exactly the operation that is written here. A new route without a line fails.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApi } from '../../src/api/app.ts';
import { API_SCOPES } from '../../src/domain/api/api-scopes.ts';
import { OPERATIONS, type Operation } from '../../src/domain/people/operations.ts';
import { ROLES, roleReaches } from '../../src/domain/people/roles.ts';
import { createPages } from '../../src/pages/app.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { person, visitor } from './visitor.ts';

/** `anybody` needs no session and no key; `somebody` a session, whatever the role. */
type Needed = Operation | 'anybody' | 'somebody';

const PAGES: Readonly<Record<string, Needed>> = {
  'GET /assets/:file': 'anybody',
  'GET /sign-in': 'anybody',
  'GET /sign-in/with-provider': 'anybody',
  'GET /sign-in/callback': 'anybody',
  'GET /sign-in/:secret': 'anybody',
  'POST /sign-in/:secret': 'anybody',
  'POST /sign-out': 'somebody',
  'POST /sign-out-everywhere': 'somebody',
  'GET /': 'items.read',
  'POST /schedules/:id/claim': 'publish.claim',
  'POST /schedules/:id/replay': 'publish.replay',
  'GET /you': 'somebody',
  'POST /you/workspace': 'somebody',
  'GET /people': 'people.read',
  'POST /people/invitations': 'people.change',
  'POST /people/invitations/:id/revoke': 'people.change',
  'POST /people/:id/role': 'people.change',
  'POST /people/:id/remove': 'people.change',
  'GET /keys': 'keys.read',
  'POST /keys': 'keys.change',
  'POST /keys/:id/revoke': 'keys.change',
  'GET /activity': 'activity.read',
  'GET /batches/:id': 'items.read',
  'POST /batches/:id/cancel': 'publish.replay',
  'GET /connections': 'accounts.read',
  'GET /connections/:id': 'accounts.read',
  'GET /connections/:id/disconnect': 'accounts.connect',
  'POST /connections/:id/disconnect': 'accounts.connect',
  'GET /connections/:id/reconnect': 'accounts.connect',
  'POST /connections/:id/reconnect': 'accounts.connect',
  'GET /connections/:platform/callback': 'accounts.connect',
  'GET /connections/:platform/choose': 'accounts.connect',
  'POST /connections/:platform/choose': 'accounts.connect',
  'GET /connections/new': 'accounts.connect',
  'GET /connections/new/:platform': 'accounts.connect',
  'POST /connections/new/:platform': 'accounts.connect',
  'GET /connections/apps': 'apps.change',
  'POST /connections/apps/:platform': 'apps.change',
  'POST /connections/apps/:platform/remove': 'apps.change',
  'GET /handoff/:id': 'schedules.read',
  'GET /handoff/:id/assets.zip': 'schedules.read',
  'GET /handoff/:id/assets/:number': 'schedules.read',
  'POST /handoff/:id/completion': 'publish.handoff',
  'GET /alarms': 'alarms.read',
  'GET /audit': 'activity.read',
  'GET /rules': 'rules.read',
  'POST /rules/:id/enabled': 'rules.change',
  'GET /events': 'events.read',
  'POST /alarms/:id/answer': 'alarms.answer',
  'GET /holds': 'items.read',
  'POST /holds': 'hold.change',
  'POST /holds/:id/release': 'hold.change',
  'GET /incidents/:accountId/:cause': 'items.read',
  'POST /incidents/:accountId/:cause/replay': 'publish.replay',
  'GET /notifications': 'notifications.read',
  'POST /notifications/:id/redeliver': 'notifications.change',
  'POST /notifications/test': 'notifications.change',
  'GET /proof': 'proof.export',
  'GET /proof/exports/:id/file': 'proof.export',
  'POST /proof/exports': 'proof.export',
  'POST /proof/verify': 'proof.export',
  'POST /proof/keys': 'proof.keys',
  'POST /proof/secrets': 'proof.keys',
  'GET /report': 'report.read',
  'GET /review/:secret': 'anybody',
  'GET /review/:secret/media/:number/file': 'anybody',
  'GET /review/:secret/media/:number/picture': 'anybody',
  'POST /review/:secret': 'anybody',
  'GET /runs': 'runs.read',
  'GET /runs/new': 'runs.start',
  'POST /runs/new': 'runs.start',
  'GET /runs/:id': 'runs.read',
  'GET /runs/:id/artifacts/:name': 'runs.read',
  'GET /runs/:id/artifacts/:name/file': 'runs.read',
  'POST /runs/:id/retry': 'runs.steer',
  'POST /runs/:id/resume': 'runs.steer',
  'POST /runs/:id/cancel': 'runs.steer',
  'POST /runs/:id/rename': 'runs.steer',
  'POST /runs/:id/adopt': 'runs.steer',
  'POST /runs/:id/submit': 'runs.steer',
  'POST /runs/:id/recheck': 'runs.recheck',
  'POST /runs/:id/rechecks/:recheckId/accept': 'runs.recheck',
  'POST /runs/:id/decisions': 'review.decide',
  'GET /schedules': 'schedules.read',
  'GET /schedules/new': 'schedules.create',
  'POST /schedules/new': 'schedules.create',
  'POST /schedules/check': 'schedules.create',
  'GET /schedules/:id': 'schedules.read',
  'GET /schedules/:id/cancel': 'publish.cancel',
  'POST /schedules/:id/cancel': 'publish.cancel',
  'GET /schedules/:id/edit': 'schedules.edit',
  'POST /schedules/:id/edit': 'schedules.edit',
  'GET /schedules/:id/handoff': 'publish.handoff',
  'POST /schedules/:id/handoff': 'publish.handoff',
  'GET /schedules/:id/media': 'schedules.read',
  'POST /schedules/:id/media/:number': 'schedules.edit',
  'GET /schedules/:id/media/:number/picture': 'schedules.read',
  'GET /schedules/:id/reschedule': 'publish.reschedule',
  'POST /schedules/:id/reschedule': 'publish.reschedule',
  'GET /schedules/:id/resolve': 'publish.resolve',
  'POST /schedules/:id/resolve': 'publish.resolve',
  'GET /schedules/:id/resume': 'publish.replay',
  'POST /schedules/:id/resume': 'publish.replay',
  'GET /schedules/:id/review': 'schedules.read',
  'POST /schedules/:id/decisions': 'review.decide',
  'POST /schedules/:id/review-links': 'review.link',
  'POST /schedules/:id/review-links/:linkId/revoke': 'review.link',
  'GET /tonight': 'items.read',
  'POST /tonight': 'tonight.look',
};

const API: Readonly<Record<string, Needed>> = {
  'GET /health': 'anybody',
  'GET /openapi.json': 'anybody',
  'GET /docs': 'anybody',
  'GET /docs/start.js': 'anybody',
  'GET /docs/:file': 'anybody',
  'POST /api/schedules': 'schedules.create',
  'GET /api/schedules/:id': 'schedules.read',
  'PATCH /api/schedules/:id': 'schedules.edit',
  'GET /api/items': 'items.read',
  'POST /api/jobs/replay': 'publish.replay',
  'POST /api/schedules/:id/claim': 'publish.claim',
  'POST /api/schedules/:id/resolve': 'publish.resolve',
  'POST /api/schedules/:id/cancel': 'publish.cancel',
  'POST /api/schedules/:id/reschedule': 'publish.reschedule',
  'POST /api/schedules/:id/resume': 'publish.replay',
  'POST /api/schedules/:id/decisions': 'review.decide',
  'GET /api/schedules/:id/review-links': 'review.link',
  'POST /api/schedules/:id/review-links': 'review.link',
  'DELETE /api/schedules/:id/review-links/:linkId': 'review.link',
  'GET /api/alarms': 'alarms.read',
  'POST /api/events/:connectorId': 'anybody',
  'GET /api/events': 'events.read',
  'DELETE /api/events/keys/:key': 'events.clear',
  'GET /api/rules': 'rules.read',
  'POST /api/rules': 'rules.change',
  'PATCH /api/rules/:id': 'rules.change',
  'GET /api/connectors': 'events.read',
  'POST /api/connectors': 'connectors.change',
  'POST /api/alarms/:id/ack': 'alarms.answer',
  'POST /api/alarms/:id/resolve': 'alarms.answer',
  'GET /api/holds': 'items.read',
  'POST /api/holds': 'hold.change',
  'POST /api/holds/:id/release': 'hold.change',
  'GET /api/people': 'people.read',
  'GET /api/invitations': 'people.read',
  'GET /api/keys': 'keys.read',
  'GET /.well-known/oncepost-proof-keys.json': 'anybody',
  'GET /media/:sha256': 'anybody',
  'GET /api/schedules': 'schedules.read',
  'GET /api/runs': 'runs.read',
  'POST /api/runs': 'runs.start',
  'GET /api/runs/:id': 'runs.read',
  'GET /api/runs/:id/artifacts/:name': 'runs.read',
  'POST /api/runs/:id/retry': 'runs.steer',
  'POST /api/runs/:id/resume': 'runs.steer',
  'POST /api/runs/:id/cancel': 'runs.steer',
  'POST /api/runs/:id/rename': 'runs.steer',
  'POST /api/runs/:id/adopt': 'runs.steer',
  'POST /api/runs/:id/submit': 'runs.steer',
  'POST /api/runs/:id/recheck': 'runs.recheck',
  'POST /api/runs/:id/rechecks/:recheckId/accept': 'runs.recheck',
  'POST /api/runs/:id/decisions': 'review.decide',
  'POST /api/schedules/check': 'schedules.create',
  'GET /api/schedules/:id/media': 'schedules.read',
  'GET /api/schedules/:id/nearby': 'publish.resolve',
  'POST /api/schedules/:id/handoff': 'publish.handoff',
  'GET /api/activity': 'activity.read',
  'GET /api/report': 'report.read',
  'GET /api/incidents': 'items.read',
  'GET /api/batches': 'items.read',
  'POST /api/batches': 'publish.replay',
  'GET /api/batches/:id': 'items.read',
  'POST /api/batches/:id/cancel': 'publish.replay',
  'POST /api/media': 'media.upload',
  'GET /api/handoffs/:id': 'schedules.read',
  'GET /api/handoffs/:id/assets.zip': 'schedules.read',
  'GET /api/handoffs/:id/assets/:number': 'schedules.read',
  'POST /api/handoffs/:id/completion': 'publish.handoff',
  'GET /api/accounts': 'accounts.read',
  'GET /api/accounts/:id': 'accounts.read',
  'POST /api/accounts': 'accounts.connect',
  'DELETE /api/accounts/:id': 'accounts.connect',
  'GET /api/apps': 'apps.change',
  'PUT /api/apps/:platform': 'apps.change',
  'DELETE /api/apps/:platform': 'apps.change',
  'GET /api/notifications': 'notifications.read',
  'POST /api/notifications/:id/redeliver': 'notifications.change',
  'POST /api/notifications/test': 'notifications.change',
  'POST /api/proof/exports': 'proof.export',
  'GET /api/proof/exports': 'proof.export',
  'GET /api/proof/exports/:id': 'proof.export',
  'GET /api/proof/exports/:id/file': 'proof.export',
  'GET /api/proof/keys': 'proof.keys',
  'POST /api/proof/keys': 'proof.keys',
  'POST /api/proof/secrets': 'proof.keys',
  'GET /api/tonight': 'items.read',
};

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage({ 'limits.sign_in_per_address_per_minute': 10_000 });
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const entriesOf = (table: Readonly<Record<string, Needed>>) =>
  Object.entries(table).map(([route, needed]) => {
    const [method = '', path = ''] = route.split(' ');
    return { route, method, path, needed };
  });
const filled = (path: string) => path.replace(/:\w+/g, randomUUID());
const routesOf = (routes: readonly { readonly method: string; readonly path: string }[]) =>
  [...new Set(routes.flatMap(({ method, path }) => (method === 'ALL' ? [] : [`${method} ${path}`])))].sort();
const isOperation = (needed: Needed): needed is Operation => Object.hasOwn(OPERATIONS, needed);

/** What the rooms are built with; nobody is served by them here. */
const built = () => {
  const doors = { trustedProxies: [], publicUrl: null, temporalUi: null, provider: null, signsInByLink: true };
  return { ...stage.context, client: stage.temporal, ...doors };
};

it('every route stands in a table', () => {
  expect(routesOf(createPages(built()).routes)).toEqual(Object.keys(PAGES).sort());
  expect(routesOf(createApi(built()).routes)).toEqual(Object.keys(API).sort());
});

/** What no id, name or secret can be. */
const IMPOSSIBLE = ['%00', '%ff', '%2e%2e', 'a'.repeat(4_000), '%F0%9F%92%A5', "'--"];
const impossible = (path: string) => IMPOSSIBLE.map((value) => path.replace(/:\w+/g, value));

describe('of the pages', () => {
  const send = (method: string, path: string, sessionId?: string) => {
    const visit = visitor(api.url, sessionId);
    return method === 'GET' ? visit.get(filled(path)) : visit.post(filled(path));
  };

  it.each(entriesOf(PAGES))('$route lets in $needed', async ({ method, path, needed }) => {
    const nobody = await send(method, path);
    const ledToSignIn = nobody.status === 303 && nobody.location?.startsWith('/sign-in') === true;
    expect(ledToSignIn).toBe(needed !== 'anybody');
    for (const role of needed === 'anybody' ? [] : ROLES) {
      const { sessionId } = await person(stage, { role });
      const seen = await send(method, path, sessionId);
      const able = !isOperation(needed) || roleReaches(role, OPERATIONS[needed].role);
      expect([role, seen.status === 403]).toEqual([role, !able]);
      if (able || !isOperation(needed)) continue;
      const { does, role: enough } = OPERATIONS[needed];
      expect(seen.text).toContain(
        `To ${does} one needs the role ${enough}, and yours is ${role}, so nothing was changed`,
      );
    }
  });
});

it('an address of a page that names what cannot be is not found, and no fault', async () => {
  const { sessionId } = await person(stage, { role: 'admin' });
  const visit = visitor(api.url, sessionId);
  for (const { method, path } of entriesOf(PAGES).filter((entry) => entry.path.includes(':'))) {
    for (const address of impossible(path)) {
      const { status } = method === 'GET' ? await visit.get(address) : await visit.post(address);
      expect(status, `${method} ${address}`).toBeLessThan(500);
    }
  }
});

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.unknown()).optional() }))),
});

describe('of the API', () => {
  it.each(entriesOf(API))('$route lets in $needed', async ({ method, path, needed }) => {
    const nobody = await api.ask(method, filled(path), { key: null });
    expect(nobody.status === 401).toBe(needed !== 'anybody');
    if (!isOperation(needed)) return;
    const { scope } = OPERATIONS[needed];
    const others = await api.newKey(API_SCOPES.filter((one) => one !== scope));
    const refused = await api.ask(method, filled(path), { key: others });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'scope_missing' } } });
    expect(JSON.stringify(refused.body)).toContain(`lacks the scope ${scope}`);
    const able = await api.newKey(scope === null ? [] : [scope]);
    expect([401, 403]).not.toContain((await api.ask(method, filled(path), { key: able })).status);
  });

  it('an address that names what cannot be is not found, and no fault', async () => {
    for (const { method, path } of entriesOf(API).filter((entry) => entry.path.includes(':'))) {
      for (const address of impossible(path)) {
        const { status } = await api.ask(method, address, method === 'GET' ? {} : { json: {} });
        expect(status, `${method} ${address}`).toBeLessThan(500);
      }
    }
  });

  it('is described with the scope that it needs', async () => {
    const { paths } = documentSchema.parse((await api.ask('GET', '/openapi.json', { key: null })).body);
    for (const { method, path, needed } of entriesOf(API).filter((entry) => isOperation(entry.needed))) {
      const described = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      const scope = isOperation(needed) ? OPERATIONS[needed].scope : null;
      expect([path, described?.security]).toEqual([path, [{ apiKey: [scope] }]]);
    }
  });
});
