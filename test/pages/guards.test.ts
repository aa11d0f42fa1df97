// What no route may do, asked of every route there is: take a form without its token, or know an id of another workspace.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/app.ts';
import { raiseAlarm } from '../../src/ledger/alarms/raise.ts';
import { appendAudit } from '../../src/ledger/audit/audit.ts';
import { placeHold } from '../../src/ledger/holds/holds.ts';
import { invite } from '../../src/ledger/people/invitations.ts';
import { invitations } from '../../src/ledger/schema/people.ts';
import { createApiKey } from '../../src/ledger/workspaces/api-keys.ts';
import { createPages } from '../../src/pages/app.ts';
import { csrfToken } from '../../src/pages/session/csrf.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { place, placeAccount } from '../recovery/place.ts';
import { otherWorkspace, person } from './visitor.ts';

const ADA = { type: 'USER', id: 'admin-1', label: 'Ada' } as const;

let stage: Stage;
let api: TestApi;
/** What stands in the workspace, by the beginning of the addresses that name it. */
let ids: Readonly<Record<string, string>>;
let own: string;
let foreign: string;
let foreignKey: string;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  const { ledger } = stage.context;
  const { workspaceId } = stage;
  const accountId = await placeAccount(stage, { name: 'harbour' });
  await place(stage, { id: 'mine', state: 'failed', cause: 'media_invalid', accountId, withMedia: true });
  const target = { scope: 'account', accountId } as const;
  const hold = await placeHold(ledger, { workspaceId, target, reason: 'x', actor: ADA });
  const key = await createApiKey(ledger, { workspaceId, name: 'k', scopes: ['schedules:read'], actor: ADA });
  const member = await person(stage, { role: 'operator' });
  await invite(ledger, { workspaceId, email: 'grace@example.com', role: 'viewer', actor: ADA });
  const run = await api.ask('POST', '/api/runs', {
    json: { pipeline: 'article', slug: 'mine', files: { 'brief.md': 'About the sea.' } },
  });
  const rule = await api.ask('POST', '/api/rules', {
    json: {
      name: 'mine',
      when: { all: [{ path: 'content', op: 'exists' }] },
      actions: [{ do: 'notify', says: 'x' }],
    },
  });
  await ledger.db.transaction(async (tx) => {
    const seen = { workspaceId, kind: 'rule_storm', subject: 'mine', says: 'x', traceId: randomUUID() } as const;
    await appendAudit(tx, await raiseAlarm(tx, { ...seen, at: ledger.clock.now() }));
  });
  const [invitation] = await ledger.db.select().from(invitations);
  ids = {
    schedules: 'mine',
    handoff: 'mine',
    handoffs: 'mine',
    connections: accountId,
    accounts: accountId,
    incidents: accountId,
    holds: idOf(hold),
    keys: idOf(key),
    people: member.userId,
    'people/invitations': invitation?.id ?? '',
    runs: idOf(typeof run.body === 'object' ? run.body : null),
    rules: idOf(typeof rule.body === 'object' ? rule.body : null),
    alarms: (await api.client().alarms()).alarms[0]?.id ?? '',
  };
  expect(ids.runs).toMatch(/-mine$/);
  expect([ids.rules, ids.alarms]).toEqual([expect.stringMatching(/-/), expect.stringMatching(/-/)]);
  own = (await person(stage, { role: 'admin' })).sessionId;
  const elsewhere = await otherWorkspace(stage, 'elsewhere');
  foreign = (await person(stage, { role: 'admin', workspaceId: elsewhere })).sessionId;
  foreignKey = await api.newKey(undefined, elsewhere);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const idOf = (made: object | null) => (made && 'id' in made && typeof made.id === 'string' ? made.id : '');
const built = () => {
  const doors = { trustedProxies: [], publicUrl: null, temporalUi: null, provider: null, signsInByLink: true };
  return { ...stage.context, client: stage.temporal, ...doors };
};
const routesOf = (routes: readonly { readonly method: string; readonly path: string }[]) => [
  ...new Set(routes.flatMap(({ method, path }) => (method === 'ALL' ? [] : [`${method} ${path}`]))),
];

/** The address with what stands there; what nothing stands for is of nobody. */
function filled(path: string): string {
  const room = /^\/(?:api\/)?((?:people\/invitations)|[\w-]+)/.exec(path)?.[1] ?? '';
  return path
    .replace(/:(?:id|accountId)/, ids[room] ?? randomUUID())
    .replace(':number', '1')
    .replace(':platform', 'x')
    .replace(':cause', 'media_invalid')
    .replace(/:\w+/, randomUUID());
}

const FINGERPRINT = 'a'.repeat(64);
/** What a form needs to be read at all. */
const FIELDS = { verdict: 'approved', expectedFingerprint: FINGERPRINT, label: 'x', expiresAt: '2099-01-01T00:00' };

async function send(method: string, path: string, sessionId: string, csrf: string | null) {
  const body = new FormData();
  if (csrf !== null) body.append('csrf', csrf);
  for (const [name, value] of Object.entries(FIELDS)) body.append(name, value);
  body.append('bundle', new Blob(['PK']));
  const headers = { cookie: `oncepost_session=${sessionId}` };
  const sent = method === 'GET' ? { headers } : { method, headers, body };
  return fetch(`${api.url}${filled(path)}`, { ...sent, redirect: 'manual' });
}

/** What proves these forms is the secret in their address. */
const BY_SECRET = ['POST /sign-in/:secret', 'POST /review/:secret'];

describe('every route of the pages', () => {
  it('that changes something refuses a form without its token, and one of another session', async () => {
    const posts = routesOf(createPages(built()).routes).filter(
      (route) => route.startsWith('POST') && !BY_SECRET.includes(route),
    );
    expect(posts.length).toBeGreaterThan(40);
    const taken: string[] = [];
    for (const route of posts) {
      for (const csrf of [null, csrfToken(foreign)]) {
        const { status } = await send('POST', route.split(' ')[1] ?? '', own, csrf);
        if (status !== 403) taken.push(`${route} ${status}`);
      }
    }
    expect(taken).toEqual([]);
  });

  it('that names something knows nothing of another workspace', async () => {
    const named = routesOf(createPages(built()).routes).filter((route) => /:(?:id|accountId)\b/.test(route));
    expect(named.length).toBeGreaterThan(40);
    const known: string[] = [];
    for (const route of named) {
      const [method = '', path = ''] = route.split(' ');
      const { status, headers } = await send(method, path, foreign, csrfToken(foreign));
      if (status !== 404) known.push(`${route} ${status} ${headers.get('location') ?? ''}`);
    }
    expect(known).toEqual([]);
  });
});

describe('every route of the API', () => {
  it('that names something knows nothing of another workspace', async () => {
    const named = routesOf(createApi(built()).routes).filter((route) => /:id\b/.test(route));
    expect(named.length).toBeGreaterThan(20);
    const known: string[] = [];
    for (const route of named) {
      const [method = '', path = ''] = route.split(' ');
      const body = BODIES[route] ?? {};
      const answer = await api.ask(method, filled(path), {
        key: foreignKey,
        ...(method === 'GET' || method === 'DELETE' ? {} : { json: body }),
      });
      if (answer.status !== 404) known.push(`${route} ${answer.status}`);
    }
    expect(known).toEqual([]);
  });
});

/** Bodies that are read before it is looked whose the id is. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /api/alarms/:id/ack': { note: 'x' },
  'POST /api/alarms/:id/resolve': { note: 'x' },
  'PATCH /api/rules/:id': { enabled: false },
  'PATCH /api/schedules/:id': { expectedFingerprint: FINGERPRINT, text: 'x' },
  'POST /api/schedules/:id/resolve': { verdict: 'not_live', evidence: 'x' },
  'POST /api/schedules/:id/reschedule': { publishAt: '2030-01-01T00:00:00Z' },
  'POST /api/schedules/:id/decisions': { verdict: 'approved', expectedFingerprint: FINGERPRINT },
  'POST /api/schedules/:id/review-links': { label: 'x', expiresAt: '2099-01-01T00:00:00Z' },
  'POST /api/schedules/:id/claim': { wish: 'claim' },
  'POST /api/holds/:id/release': { pace: { kind: 'at_once' } },
  'POST /api/runs/:id/rename': { slug: 'x' },
  'POST /api/runs/:id/adopt': { pageId: 'x' },
  'POST /api/runs/:id/submit': { files: { 'brief.md': 'x' } },
  'POST /api/runs/:id/decisions': { verdict: 'approved', expectedFingerprint: FINGERPRINT },
  'POST /api/handoffs/:id/completion': { url: 'https://example.com/' },
};
