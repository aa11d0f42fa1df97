// Signing in through a provider: what is proven counts, once, for the browser that began; everything else lets nobody in.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/domain/people/roles.ts';
import { invite, revokeInvitation } from '../../src/ledger/people/invitations.ts';
import { removeMember } from '../../src/ledger/people/users.ts';
import { userAgent } from '../../src/runtime/user-agent.ts';
import type { RunningServer } from '../../src/web/server.ts';
import { freePort } from '../harness/free-port.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { otherWorkspace, type Seen, type Visitor, visitor } from '../pages/visitor.ts';
import { type LyingProvider, openLyingProvider, type Said } from './lying-provider.ts';
import { serveWithProvider } from './serve-with-provider.ts';

const ADMIN = { type: 'USER', id: 'admin-1', label: 'Ada Admin' } as const;
const DAY_MS = 24 * 3_600_000;
const START = '/sign-in/with-provider';

let stage: Stage;
let provider: LyingProvider;
let server: RunningServer;
beforeAll(async () => {
  stage = await openStage({ 'limits.sign_in_per_address_per_minute': 10_000 });
  provider = await openLyingProvider();
  server = await serveWithProvider(stage, { port: await freePort(), issuer: provider.issuer });
});
afterAll(async () => {
  await server.close();
  await provider.close();
  await stage.close();
});
beforeEach(() => {
  provider.says({});
  shiftClock(stage.folder, 0);
});

/** Somebody the provider knows, with an address of their own. */
function somebody(changes: Readonly<Record<string, unknown>> = {}) {
  const sub = randomUUID();
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Grace', ...changes };
}

async function invited(email: string, role: Role = 'operator', workspaceId = stage.workspaceId): Promise<string> {
  const made = await invite(stage.context.ledger, { workspaceId, email, role, actor: ADMIN });
  if (made.kind !== 'invited') throw new TypeError(`${email} belongs to the workspace already`);
  return made.invitation.id;
}

interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
}

async function begin(visit: Visitor, back?: string): Promise<Begun> {
  const { location } = await visit.get(back === undefined ? START : `${START}?back=${encodeURIComponent(back)}`);
  const query = new URL(location ?? '').searchParams;
  const [state = '', nonce = '', challenge = ''] = ['state', 'nonce', 'code_challenge'].map(
    (name) => query.get(name) ?? '',
  );
  return { state, nonce, challenge };
}

const comeBack = (visit: Visitor, { state, nonce }: Pick<Begun, 'state' | 'nonce'>): Promise<Seen> =>
  visit.get(`/sign-in/callback?${new URLSearchParams({ state, code: nonce })}`);

/** The whole way, in a browser of its own unless one is given. */
async function signIn(said: Partial<Said>, visit: Visitor = visitor(server.url)): Promise<Seen> {
  const begun = await begin(visit);
  provider.says(said);
  return comeBack(visit, begun);
}

async function auditOf(type: string, email: string) {
  return stage.context.ledger.db.execute(
    sql`select actor ->> 'label' as who, payload ->> 'role' as role from audit_events where type = ${type} and payload ->> 'email' = ${email}`,
  );
}

describe('the first sign-in with an address that is invited', () => {
  it('makes the person a member with the role of the invitation, and the trail says so', async () => {
    const ada = somebody();
    await invited(ada.email, 'approver');
    const visit = visitor(server.url);
    expect(await signIn({ claims: ada }, visit)).toMatchObject({ status: 303, location: '/' });
    expect((await visit.get('/you')).text).toContain(ada.email);
    expect((await visit.get('/you')).text).toContain('approver');
    expect(await auditOf('person.joined', ada.email)).toEqual([{ who: 'Grace', role: 'approver' }]);
  });

  it('asks with PKCE, under our name, for address and profile', async () => {
    const ada = somebody();
    await invited(ada.email);
    const visit = visitor(server.url);
    const { location } = await visit.get(START);
    const query = new URL(location ?? '').searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      redirect_uri: `${server.url}/sign-in/callback`,
    });
    provider.says({ claims: ada });
    await comeBack(visit, { state: query.get('state') ?? '', nonce: query.get('nonce') ?? '' });
    expect(provider.lastChallenge()).toBe(query.get('code_challenge'));
    expect([...provider.callers]).toEqual([userAgent]);
  });

  it('leads back to the page that was asked for', async () => {
    const ada = somebody();
    await invited(ada.email);
    const visit = visitor(server.url);
    const asked = await visit.get('/people?role=admin');
    expect(asked.location).toBe('/sign-in?back=%2Fpeople%3Frole%3Dadmin');
    expect((await visit.get(asked.location ?? '')).text).toContain(`${START}?back=%2Fpeople%3Frole%3Dadmin`);
    const begun = await begin(visit, '/people?role=admin');
    provider.says({ claims: ada });
    expect((await comeBack(visit, begun)).location).toBe('/people?role=admin');
  });

  it('never leads to another site', async () => {
    const ada = somebody();
    await invited(ada.email);
    const visit = visitor(server.url);
    const begun = await begin(visit, '//evil.example/');
    provider.says({ claims: ada });
    expect((await comeBack(visit, begun)).location).toBe('/');
  });

  it('finds the address at the user info where the ID token tells none', async () => {
    const { sub, ...told } = somebody();
    await invited(told.email);
    provider.says({ claims: { sub }, userInfo: { sub, ...told, email: told.email.toUpperCase() } });
    // A server that has asked this provider before knows no user info of it.
    const other = await serveWithProvider(stage, { port: await freePort(), issuer: provider.issuer });
    const visit = visitor(other.url);
    const begun = await begin(visit);
    expect(await comeBack(visit, begun)).toMatchObject({ status: 303, location: '/' });
    await other.close();
  });

  it('does not take a flag from one place for an address from another', async () => {
    const { sub, ...told } = somebody();
    await invited(told.email);
    provider.says({ userInfo: {} });
    const other = await serveWithProvider(stage, { port: await freePort(), issuer: provider.issuer });
    const visit = visitor(other.url);
    const begun = await begin(visit);
    provider.says({
      claims: { sub, email: told.email },
      userInfo: { sub, email: 'else@example.com', email_verified: true },
    });
    expect((await comeBack(visit, begun)).text).toContain('The provider knows you as else@example.com');
    await other.close();
  });

  it('into several workspaces opens one of them, and each trail says who joined', async () => {
    const ada = somebody();
    const names = ['north', 'south'].map((name) => `${name} of ${ada.sub}`);
    const ids = await Promise.all(names.map((name) => otherWorkspace(stage, name)));
    for (const id of ids) await invited(ada.email, 'viewer', id);
    const visit = visitor(server.url);
    await signIn({ claims: ada }, visit);
    const { text } = await visit.get('/you');
    for (const name of names) expect(text).toContain(name);
    expect(await auditOf('person.joined', ada.email)).toHaveLength(2);
  });

  it('twice at once makes one person', async () => {
    const ada = somebody();
    await invited(ada.email);
    const visits = [visitor(server.url), visitor(server.url)];
    const begun = await Promise.all(visits.map((visit) => begin(visit)));
    provider.says({ claims: ada });
    const seen = await Promise.all(
      visits.map((visit, index) => comeBack(visit, begun[index] ?? { state: '', nonce: '' })),
    );
    expect(seen.map(({ status }) => status)).toEqual([303, 303]);
    const { db } = stage.context.ledger;
    expect(await db.execute(sql`select count(*)::int as people from users where email = ${ada.email}`)).toEqual([
      { people: 1 },
    ]);
  });
});

describe('later sign-ins', () => {
  it('go by the subject, whatever became of the address', async () => {
    const ada = somebody();
    await invited(ada.email);
    await signIn({ claims: ada });
    expect(await signIn({ claims: { sub: ada.sub } })).toMatchObject({ status: 303, location: '/' });
    expect(await signIn({ claims: { ...ada, email: 'new@example.com', email_verified: false } })).toMatchObject({
      status: 303,
    });
  });

  it('take what one was invited to meanwhile', async () => {
    const ada = somebody();
    await invited(ada.email);
    await signIn({ claims: ada });
    const second = await otherWorkspace(stage, `second of ${ada.sub}`);
    await invited(ada.email, 'admin', second);
    const visit = visitor(server.url);
    await signIn({ claims: ada }, visit);
    expect((await visit.get('/you')).text).toContain(`second of ${ada.sub}`);
    expect((await visit.get('/people')).status).toBe(200);
  });

  it('end the session that the browser had', async () => {
    const ada = somebody();
    await invited(ada.email);
    const visit = visitor(server.url);
    await signIn({ claims: ada }, visit);
    const before = visit.cookies.get('oncepost_session');
    await signIn({ claims: ada }, visit);
    expect(visit.cookies.get('oncepost_session')).not.toBe(before);
    expect((await visitor(server.url, before).get('/')).location).toBe('/sign-in');
    expect((await visit.get('/')).status).toBe(200);
  });
});

describe('nobody is signed in', () => {
  const refused = (seen: Seen, status: number, sentence: string | RegExp) => {
    expect(seen.status).toBe(status);
    expect(seen.text).toMatch(sentence);
    expect(seen.headers.getSetCookie().filter((cookie) => /oncepost_session=[^;]/.test(cookie))).toEqual([]);
  };

  it('whom nobody has invited: a stranger is told whom to ask', async () => {
    const eve = somebody();
    refused(await signIn({ claims: eve }), 403, /You are not invited.*ask an admin of your workspace/s);
  });

  it('by an invitation that has run out, or was revoked', async () => {
    const [late, gone] = [somebody(), somebody()];
    await invited(late.email);
    const id = await invited(gone.email);
    await revokeInvitation(stage.context.ledger, { workspaceId: stage.workspaceId, id, actor: ADMIN });
    refused(await signIn({ claims: gone }), 403, 'You are not invited');
    shiftClock(stage.folder, 7 * DAY_MS + 60_000);
    refused(await signIn({ claims: late }), 403, 'You are not invited');
  });

  it('by an address that the provider does not call verified', async () => {
    const eve = somebody({ email_verified: false });
    await invited(eve.email);
    refused(await signIn({ claims: eve }), 403, 'Your address is not verified');
    refused(await signIn({ claims: { ...eve, email_verified: 'maybe' } }), 403, 'Your address is not verified');
  });

  it('by an address that belongs to somebody who signs in as another subject', async () => {
    const ada = somebody();
    await invited(ada.email);
    await signIn({ claims: ada });
    const second = await otherWorkspace(stage, `another of ${ada.sub}`);
    await invited(ada.email, 'admin', second);
    refused(await signIn({ claims: { ...ada, sub: 'another subject' } }), 403, 'This address signs in otherwise');
    // Nothing of the invitation was used up.
    const visit = visitor(server.url);
    await signIn({ claims: ada }, visit);
    expect((await visit.get('/you')).text).toContain(`another of ${ada.sub}`);
  });

  it('who was removed, until invited again', async () => {
    const ada = somebody();
    await invited(ada.email);
    const visit = visitor(server.url);
    await signIn({ claims: ada }, visit);
    const { db } = stage.context.ledger;
    const [row] = await db.execute<{ id: string }>(sql`select id from users where email = ${ada.email}`);
    const userId = row?.id ?? '';
    await removeMember(stage.context.ledger, { workspaceId: stage.workspaceId, userId, actor: ADMIN });
    expect((await visit.get('/')).location).toBe('/sign-in');
    refused(await signIn({ claims: ada }), 403, 'You are not invited');
    await invited(ada.email);
    expect(await signIn({ claims: { ...ada, sub: 'made anew' } })).toMatchObject({ status: 303 });
  });

  it.each<[string, Partial<Said>]>([
    ['another nonce', { claims: { nonce: 'of another flow' } }],
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['another audience', { claims: { aud: 'another client' } }],
    ['a token that is over', { claims: { iat: 1_000, exp: 2_000 } }],
    ['a foreign signature', { foreignKey: true }],
    ['a code that is refused', { tokenStatus: 400 }],
  ])('by %s', async (_what, said) => {
    const ada = somebody();
    await invited(ada.email);
    refused(await signIn({ ...said, claims: { ...ada, ...said.claims } }), 400, 'does not prove who you are');
  });

  it('by a user info about somebody else', async () => {
    const { sub, ...told } = somebody();
    await invited(told.email);
    provider.says({ userInfo: {} });
    const other = await serveWithProvider(stage, { port: await freePort(), issuer: provider.issuer });
    const visit = visitor(other.url);
    const begun = await begin(visit);
    provider.says({ claims: { sub }, userInfo: { sub: 'another', ...told } });
    refused(await comeBack(visit, begun), 400, 'does not prove who you are');
    await other.close();
  });

  it('who said no at the provider', async () => {
    const visit = visitor(server.url);
    const { state } = await begin(visit);
    const seen = await visit.get(`/sign-in/callback?${new URLSearchParams({ state, error: 'access_denied' })}`);
    refused(seen, 400, 'You did not agree to it at the provider');
  });

  it('by a state that is forged, missing, used, over, or of another browser', async () => {
    const ada = somebody();
    await invited(ada.email);
    const [visit, other] = [visitor(server.url), visitor(server.url)];
    refused(await comeBack(visitor(server.url), await begin(visit)), 410, 'This sign-in is over');
    refused(await visit.get('/sign-in/callback?state=forged&code=x'), 410, 'This sign-in is over');
    await begin(visit);
    refused(await visit.get('/sign-in/callback?code=x'), 410, 'This sign-in is over');
    const ours = await begin(visit);
    await begin(other);
    refused(await comeBack(other, ours), 410, 'This sign-in is over');
    // Another browser's try takes nothing away from ours.
    provider.says({ claims: ada });
    const cookie = visit.cookies.get('oncepost_sign_in') ?? '';
    expect(await comeBack(visit, ours)).toMatchObject({ status: 303 });
    visit.cookies.set('oncepost_sign_in', cookie);
    refused(await comeBack(visit, ours), 410, 'This sign-in is over');
    const late = await begin(visit);
    shiftClock(stage.folder, 10 * 60_000 + 1_000);
    refused(await comeBack(visit, late), 410, 'This sign-in is over');
  });

  it('twice by one answer that comes twice at once', async () => {
    const ada = somebody();
    await invited(ada.email);
    const visit = visitor(server.url);
    const begun = await begin(visit);
    provider.says({ claims: ada });
    const twin = visitor(server.url);
    twin.cookies.set('oncepost_sign_in', visit.cookies.get('oncepost_sign_in') ?? '');
    const seen = await Promise.all([comeBack(visit, begun), comeBack(twin, begun)]);
    expect(seen.map(({ status }) => status).sort()).toEqual([303, 410]);
  });
});

describe('a provider', () => {
  it('that goes away in the middle lets nobody in, and says so', async () => {
    const visit = visitor(server.url);
    const begun = await begin(visit);
    provider.says({ tokenStatus: 503 });
    const seen = await comeBack(visit, begun);
    expect(seen.status).toBe(503);
    expect(seen.text).toContain('The sign-in provider does not answer as it should, so nobody was signed in');
  });

  it.each([
    ['that is away', () => 'http://127.0.0.1:1'],
    ['whose metadata name another issuer', () => provider.issuer],
  ])('%s stops no start: the sign-in page says it, and that nobody was signed in', async (_what, issuer) => {
    provider.says({ namedIssuer: 'https://evil.example' });
    const other = await serveWithProvider(stage, { port: await freePort(), issuer: issuer() });
    const visit = visitor(other.url);
    expect((await visit.get('/sign-in')).text).toContain(`Sign in with ${new URL(issuer()).host}`);
    for (const seen of await Promise.all([visit.get(START), visit.get(START)])) {
      expect([seen.status, seen.headers.get('retry-after')]).toEqual([503, '5']);
      expect(seen.text).toContain('so nobody was signed in; try again in a moment');
    }
    // It is asked anew as soon as somebody wants in.
    provider.says({});
    expect((await visit.get(START)).status).toBe(issuer() === provider.issuer ? 303 : 503);
    await other.close();
  });

  it('that is set up leaves no way in by a printed link', async () => {
    const visit = visitor(server.url);
    expect((await visit.get('/sign-in')).text).not.toContain('npm start');
    expect((await visit.post('/sign-in/some-secret')).status).toBe(404);
  });
});

it('behind https the cookies are bound to the host and never sent in the clear', async () => {
  const port = await freePort();
  const env = { ONCEPOST_PUBLIC_URL: 'https://posts.example' };
  const other = await serveWithProvider(stage, { port, issuer: provider.issuer, env });
  const ada = somebody();
  await invited(ada.email);
  const visit = visitor(other.url);
  const begun = await begin(visit);
  expect([...visit.cookies.keys()]).toEqual(['__Host-oncepost_sign_in']);
  provider.says({ claims: ada });
  const seen = await comeBack(visit, begun);
  const [session] = seen.headers.getSetCookie().filter((cookie) => cookie.startsWith('__Host-oncepost_session='));
  expect(session).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
  expect((await visit.get('/')).status).toBe(200);
  await other.close();
});
