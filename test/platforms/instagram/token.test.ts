// Renewing the grant: only Instagram's own word that it is dead disconnects an account.
import { afterEach, describe, expect, it } from 'vitest';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import { AppFault, StepRefused, StepUnanswered } from '../../../src/platforms/step-errors.ts';
import { openInstagram, TOKEN } from './open-session.ts';
import { graphError, type Scripted, startScriptedGraph } from './scripted-graph.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function renewal(answer: Scripted) {
  const graph = await startScriptedGraph(() => answer);
  const session = openInstagram({ apiBase: graph.apiBase });
  closing.push(graph.close, session.close);
  return { session, graph, renewed: adapter.renew(session) };
}

async function outcome(answer: Scripted): Promise<string> {
  try {
    await (await renewal(answer)).renewed;
    return 'renewed';
  } catch (error) {
    expect(String(error)).not.toContain(TOKEN);
    if (error instanceof StepRefused) {
      expect(JSON.stringify(error.cause)).not.toContain(TOKEN);
      return `dead: ${error.cause.code}`;
    }
    if (error instanceof AppFault) return `our app: ${error.cause.code}`;
    if (error instanceof StepUnanswered) return 'later';
    throw error;
  }
}

describe('renewing the grant', () => {
  it('asks the address without its version, and takes the new token and its life', async () => {
    const before = Date.now();
    const { renewed, graph } = await renewal({
      body: { access_token: 'IGAAnew', token_type: 'bearer', expires_in: 5_184_000 },
    });
    const { grant, expiresAt } = await renewed;
    expect(grant.accessToken).toBe('IGAAnew');
    expect((expiresAt?.getTime() ?? 0) - before).toBeGreaterThanOrEqual(5_184_000_000);
    expect(graph.asked).toEqual([
      {
        method: 'GET',
        path: '/refresh_access_token',
        params: { grant_type: 'ig_refresh_token', access_token: TOKEN },
        authorization: undefined,
      },
    ]);
  });

  const TABLE: readonly (readonly [why: string, answer: Scripted, expected: string])[] = [
    ['the token has expired', graphError(400, 190, 463), 'dead: auth_expired'],
    ['the token was revoked', graphError(400, 190, 467, `Error validating ${TOKEN}`), 'dead: reconnect_required'],
    ['the token cannot be read', graphError(400, 190, undefined, 'Cannot parse access token'), 'dead: auth_failed'],
    ['the token is too young, or a permission was removed', graphError(400, 10), 'later'],
    ['the token is too young in other words', graphError(400, 100), 'later'],
    ['Meta’s own system fails', graphError(400, 101, undefined, 'Cannot get application info'), 'our app: auth_failed'],
    ['the app’s proof is wrong', graphError(400, 104), 'our app: auth_failed'],
    ['the request holds no usable token', graphError(400, 2500), 'our app: auth_failed'],
    ['some proxy asks for a token of its own', { status: 401, body: 'Unauthorized' }, 'later'],
    ['Instagram throttles', graphError(400, 4), 'later'],
    ['the service is in trouble', graphError(400, 2), 'later'],
    ['the service is down', { status: 503, body: '' }, 'later'],
    ['some proxy refuses', { status: 403, body: '<html>Blocked</html>' }, 'later'],
    ['the answer has another shape', { body: { access_token: '' } }, 'later'],
  ];
  it('believes no refusal of a token that is seconds old before it was repeated', async () => {
    const graph = await startScriptedGraph(() =>
      graph.asked.length < 3 ? graphError(400, 190, 467) : { body: { access_token: 'IGAAnew', expires_in: 5_184_000 } },
    );
    const session = openInstagram({ apiBase: graph.apiBase });
    closing.push(graph.close, session.close);
    const fresh = { ...session, grantSavedAt: new Date(), wait: async () => {} };
    expect((await adapter.renew(fresh)).grant.accessToken).toBe('IGAAnew');
    expect(graph.asked.length).toBe(3);
  });

  for (const [why, answer, expected] of TABLE) {
    it(`${expected} when ${why}`, async () => {
      expect(await outcome(answer)).toBe(expected);
    });
  }
});
