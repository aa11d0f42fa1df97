// Nobody comes in by what is not proven, or not meant for this browser, or over.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { revokeInvitation } from '../../src/ledger/people/invitations.ts';
import { removeMember } from '../../src/ledger/people/users.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { otherWorkspace, type Seen, visitor } from '../pages/visitor.ts';
import type { Said } from './lying-provider.ts';
import { ADMIN, begin, comeBack, type IdentityPlace, openIdentityPlace, START, somebody } from './place.ts';

const DAY_MS = 24 * 3_600_000;

let place: IdentityPlace;
beforeAll(async () => {
  place = await openIdentityPlace();
});
afterAll(() => place.close());
beforeEach(() => place.reset());

describe('nobody is signed in', () => {
  const refused = (seen: Seen, status: number, sentence: string | RegExp) => {
    expect(seen.status).toBe(status);
    expect(seen.text).toMatch(sentence);
    expect(seen.headers.getSetCookie().filter((cookie) => /oncepost_session=[^;]/.test(cookie))).toEqual([]);
  };

  it('whom nobody has invited: a stranger is told whom to ask', async () => {
    const eve = somebody();
    refused(await place.signIn({ claims: eve }), 403, /You are not invited.*ask an admin of your workspace/s);
  });

  it('whom the provider would send again: the way back asks it for another account', async () => {
    const { text } = await place.signIn({ claims: somebody() });
    const [, again = ''] = /href="([^"]+)">Sign in with another account/.exec(text) ?? [];
    const { location } = await visitor(place.server.url).get(again);
    expect(new URL(location ?? '').searchParams.get('prompt')).toBe('login');
  });

  it('by an invitation that has run out, or was revoked', async () => {
    const [late, gone] = [somebody(), somebody()];
    await place.invited(late.email);
    const id = await place.invited(gone.email);
    await revokeInvitation(place.stage.context.ledger, { workspaceId: place.stage.workspaceId, id, actor: ADMIN });
    refused(await place.signIn({ claims: gone }), 403, 'You are not invited');
    shiftClock(place.stage.folder, 7 * DAY_MS + 60_000);
    refused(await place.signIn({ claims: late }), 403, 'You are not invited');
  });

  it('by an address that the provider does not call verified', async () => {
    const eve = somebody({ email_verified: false });
    await place.invited(eve.email);
    refused(await place.signIn({ claims: eve }), 403, 'Your address is not verified');
    refused(await place.signIn({ claims: { ...eve, email_verified: 'maybe' } }), 403, 'Your address is not verified');
  });

  it('by an address that belongs to somebody who signs in as another subject', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    await place.signIn({ claims: ada });
    const second = await otherWorkspace(place.stage, `another of ${ada.sub}`);
    await place.invited(ada.email, 'admin', second);
    refused(await place.signIn({ claims: { ...ada, sub: 'another subject' } }), 403, 'This address signs in otherwise');
    // Nothing of the invitation was used up.
    const visit = visitor(place.server.url);
    await place.signIn({ claims: ada }, visit);
    expect((await visit.get('/you')).text).toContain(`another of ${ada.sub}`);
  });

  it('who was removed, until invited again', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const visit = visitor(place.server.url);
    await place.signIn({ claims: ada }, visit);
    const { db } = place.stage.context.ledger;
    const [row] = await db.execute<{ id: string }>(sql`select id from users where email = ${ada.email}`);
    const userId = row?.id ?? '';
    await removeMember(place.stage.context.ledger, { workspaceId: place.stage.workspaceId, userId, actor: ADMIN });
    expect((await visit.get('/')).location).toBe('/sign-in');
    refused(await place.signIn({ claims: ada }), 403, 'You are not invited');
    await place.invited(ada.email);
    expect(await place.signIn({ claims: { ...ada, sub: 'made anew' } })).toMatchObject({ status: 303 });
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
    await place.invited(ada.email);
    refused(await place.signIn({ ...said, claims: { ...ada, ...said.claims } }), 400, 'does not prove who you are');
  });

  it('by a user info about somebody else', async () => {
    const { sub, ...told } = somebody();
    await place.invited(told.email);
    place.provider.says({ userInfo: {} });
    const other = await place.serve();
    const visit = visitor(other.url);
    const begun = await begin(visit);
    place.provider.says({ claims: { sub }, userInfo: { sub: 'another', ...told } });
    refused(await comeBack(visit, begun), 400, 'does not prove who you are');
    await other.close();
  });

  it('who said no at the provider', async () => {
    const visit = visitor(place.server.url);
    const { state } = await begin(visit);
    const seen = await visit.get(`/sign-in/callback?${new URLSearchParams({ state, error: 'access_denied' })}`);
    refused(seen, 400, 'You did not agree to it at the provider');
  });

  it('by a state that is forged, missing, used, over, or of another browser', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const [visit, other] = [visitor(place.server.url), visitor(place.server.url)];
    refused(await comeBack(visitor(place.server.url), await begin(visit)), 410, 'This sign-in is over');
    refused(await visit.get('/sign-in/callback?state=forged&code=x'), 410, 'This sign-in is over');
    await begin(visit);
    refused(await visit.get('/sign-in/callback?code=x'), 410, 'This sign-in is over');
    const ours = await begin(visit);
    await begin(other);
    refused(await comeBack(other, ours), 410, 'This sign-in is over');
    // Another browser's try takes nothing away from ours.
    place.provider.says({ claims: ada });
    const cookie = visit.cookies.get('oncepost_sign_in') ?? '';
    expect(await comeBack(visit, ours)).toMatchObject({ status: 303 });
    visit.cookies.set('oncepost_sign_in', cookie);
    refused(await comeBack(visit, ours), 410, 'This sign-in is over');
    const late = await begin(visit);
    shiftClock(place.stage.folder, 10 * 60_000 + 1_000);
    refused(await comeBack(visit, late), 410, 'This sign-in is over');
  });

  it('twice by one answer that comes twice at once', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const visit = visitor(place.server.url);
    const begun = await begin(visit);
    place.provider.says({ claims: ada });
    const twin = visitor(place.server.url);
    twin.cookies.set('oncepost_sign_in', visit.cookies.get('oncepost_sign_in') ?? '');
    const seen = await Promise.all([comeBack(visit, begun), comeBack(twin, begun)]);
    expect(seen.map(({ status }) => status).sort()).toEqual([303, 410]);
  });
});

describe('a provider', () => {
  it('that goes away in the middle lets nobody in, and says so', async () => {
    const visit = visitor(place.server.url);
    const begun = await begin(visit);
    place.provider.says({ tokenStatus: 503 });
    const seen = await comeBack(visit, begun);
    expect(seen.status).toBe(503);
    expect(seen.text).toContain('The sign-in provider does not answer as it should, so nobody was signed in');
  });

  it.each([
    ['that is away', () => 'http://127.0.0.1:1'],
    ['whose metadata name another issuer', () => place.provider.issuer],
  ])('%s stops no start: the sign-in page says it, and that nobody was signed in', async (_what, issuer) => {
    place.provider.says({ namedIssuer: 'https://evil.example' });
    const other = await place.serve({ issuer: issuer() });
    const visit = visitor(other.url);
    expect((await visit.get('/sign-in')).text).toContain(`Sign in with ${new URL(issuer()).host}`);
    for (const seen of await Promise.all([visit.get(START), visit.get(START)])) {
      expect([seen.status, seen.headers.get('retry-after')]).toEqual([503, '5']);
      expect(seen.text).toContain('so nobody was signed in; try again in a moment');
    }
    // It is asked anew as soon as somebody wants in.
    place.provider.says({});
    expect((await visit.get(START)).status).toBe(issuer() === place.provider.issuer ? 303 : 503);
    await other.close();
  });

  it('that is set up leaves no way in by a printed link', async () => {
    const visit = visitor(place.server.url);
    expect((await visit.get('/sign-in')).text).not.toContain('npm start');
    expect((await visit.post('/sign-in/some-secret')).status).toBe(404);
  });
});

it('behind https the cookies are bound to the host and never sent in the clear', async () => {
  const env = { ONCEPOST_PUBLIC_URL: 'https://posts.example' };
  const other = await place.serve({ env });
  const ada = somebody();
  await place.invited(ada.email);
  const visit = visitor(other.url);
  const begun = await begin(visit);
  expect([...visit.cookies.keys()]).toEqual(['__Host-oncepost_sign_in']);
  place.provider.says({ claims: ada });
  const seen = await comeBack(visit, begun);
  const [session] = seen.headers.getSetCookie().filter((cookie) => cookie.startsWith('__Host-oncepost_session='));
  expect(session).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
  expect((await visit.get('/')).status).toBe(200);
  await other.close();
});
