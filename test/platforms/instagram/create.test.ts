// What an answer to the publish call means: only an explicit refusal that is not known to lie is a failure (law 3).
import { afterEach, describe, expect, it } from 'vitest';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import { create } from '../../../src/platforms/instagram/create.ts';
import type { Json } from '../../../src/platforms/sessions.ts';
import { StepUnanswered } from '../../../src/platforms/step-errors.ts';
import type { HttpAnswer } from '../../../src/transport/exchange.ts';
import type { AdapterSession } from '../../harness/adapter-session.ts';
import { answerOf, refusalOf } from './answers.ts';
import { FINGERPRINT, openInstagram, picture, TOKEN, video } from './open-session.ts';

const open: AdapterSession[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

function sessionWith(saved: Record<string, Json> = {}, more: Parameters<typeof openInstagram>[0] = {}): AdapterSession {
  const session = openInstagram({ ...more, saved: new Map(Object.entries(saved)) });
  open.push(session);
  return session;
}

const CONTAINER = {
  id: '17889615691921648',
  createdAt: '2026-03-01T06:00:00.000Z',
  mediaUrl: null,
  fingerprint: FINGERPRINT,
};

/** The reading in short: what it is, the cause, and the failure recorded should the post of this try prove absent. */
function short(answer: HttpAnswer, tried: 'first' | 'last' = 'first') {
  const reading = adapter.readCreate(answer, sessionWith());
  if (reading.kind === 'live') return ['live', reading.platformPostId];
  if (reading.kind === 'refused') return [reading.kind, reading.cause.code, reading.app ? 'our app' : '-'];
  const failure = reading.ifAbsent ?? (tried === 'last' ? reading.lastly : undefined);
  return [reading.kind, reading.cause.code, failure?.code ?? 'goes on'];
}

const REFUSALS: readonly (readonly [
  code: number,
  subcode: number | undefined,
  first: readonly string[],
  last: readonly string[],
])[] = [
  // Refusals that are only refusals.
  [190, 463, ['refused', 'auth_expired', '-'], ['refused', 'auth_expired', '-']],
  [190, 467, ['refused', 'reconnect_required', '-'], ['refused', 'reconnect_required', '-']],
  [10, undefined, ['refused', 'permissions_missing', '-'], ['refused', 'permissions_missing', '-']],
  [4, undefined, ['refused', 'rate_limited', '-'], ['refused', 'rate_limited', '-']],
  [368, undefined, ['refused', 'rate_limited', '-'], ['refused', 'rate_limited', '-']],
  [9, 2207042, ['refused', 'rate_limited', '-'], ['refused', 'rate_limited', '-']],
  [25, 2207050, ['refused', 'reconnect_required', '-'], ['refused', 'reconnect_required', '-']],
  [36004, 2207010, ['refused', 'publish_failed', '-'], ['refused', 'publish_failed', '-']],
  [100, undefined, ['refused', 'publish_failed', '-'], ['refused', 'publish_failed', '-']],
  [-1, 2207085, ['refused', 'publish_failed', '-'], ['refused', 'publish_failed', '-']],
  // Refusals of our app, which are no account's.
  [101, undefined, ['refused', 'auth_failed', 'our app'], ['refused', 'auth_failed', 'our app']],
  [104, undefined, ['refused', 'auth_failed', 'our app'], ['refused', 'auth_failed', 'our app']],
  [2500, undefined, ['refused', 'auth_failed', 'our app'], ['refused', 'auth_failed', 'our app']],
  [3, undefined, ['refused', 'permissions_missing', 'our app'], ['refused', 'permissions_missing', 'our app']],
  // Refusals that lie: reconcile first, then the refusal stands.
  [4, 2207051, ['unclear', 'rate_limited', 'rate_limited'], ['unclear', 'rate_limited', 'rate_limited']],
  [506, undefined, ['unclear', 'publish_failed', 'publish_failed'], ['unclear', 'publish_failed', 'publish_failed']],
  [-1, undefined, ['unclear', 'publish_failed', 'publish_failed'], ['unclear', 'publish_failed', 'publish_failed']],
  // Refusals that pass by themselves: reconcile first, then publish again, as often as the settings say.
  [-1, 2207001, ['unclear', 'publish_failed', 'goes on'], ['unclear', 'publish_failed', 'publish_failed']],
  [1, undefined, ['unclear', 'unknown', 'goes on'], ['unclear', 'unknown', 'unknown']],
  [2, undefined, ['unclear', 'unknown', 'goes on'], ['unclear', 'unknown', 'unknown']],
  [24, 2207006, ['unclear', 'publish_failed', 'goes on'], ['unclear', 'publish_failed', 'permissions_missing']],
  [24, 2207008, ['unclear', 'publish_failed', 'goes on'], ['unclear', 'publish_failed', 'publish_failed']],
  [100, 33, ['unclear', 'permissions_missing', 'goes on'], ['unclear', 'permissions_missing', 'permissions_missing']],
  [
    9007,
    2207027,
    ['unclear', 'child_processing_timeout', 'goes on'],
    ['unclear', 'child_processing_timeout', 'child_processing_timeout'],
  ],
];

describe('the answer to the publish call', () => {
  for (const [code, subcode, first, last] of REFUSALS) {
    it(`400 ${code}/${subcode ?? '-'} reads as ${first.join(' ')}, and as ${last.join(' ')} at the last try`, () => {
      const answer = refusalOf(400, { code, ...(subcode === undefined ? {} : { subcode }) });
      expect([short(answer), short(answer, 'last')]).toEqual([first, last]);
    });
  }

  it('506 says that an equal post is live, which no earlier miss outweighs', () => {
    for (const error of [{ code: 506 }, { code: 100, subcode: 506 }]) {
      expect(adapter.readCreate(refusalOf(400, error), sessionWith())).toMatchObject({
        kind: 'unclear',
        duplicate: true,
      });
    }
    expect(adapter.readCreate(refusalOf(400, { code: 4, subcode: 2207051 }), sessionWith())).not.toHaveProperty(
      'duplicate',
    );
  });

  it('a media id means live', () => {
    expect(short(answerOf(200, '{"id":"17920238422030506"}'))).toEqual(['live', '17920238422030506']);
  });

  it('a 2xx that cannot be read may be live', () => {
    for (const body of [
      '',
      '{',
      '{"id":17920238422030506}',
      '{"success":true}',
      '<html></html>',
      '{"error":{"code":4}}',
    ]) {
      expect(short(answerOf(200, body))).toEqual(['unclear', 'unknown', 'goes on']);
    }
  });

  it('a redirect or a 4xx that is not in Instagram’s words is looked into before it is believed', () => {
    expect(short(answerOf(307, '', { location: 'https://elsewhere.example/' }))).toEqual([
      'unclear',
      'publish_failed',
      'publish_failed',
    ]);
    expect(short(answerOf(403, '<html>Blocked</html>'))).toEqual([
      'unclear',
      'permissions_missing',
      'permissions_missing',
    ]);
    expect(short(answerOf(408, ''))).toEqual(['unclear', 'publish_failed', 'goes on']);
  });

  it('a 401 without a word, or with a gateway’s own challenge, is looked into; 429 means one thing even without a word', () => {
    const challenge = { 'www-authenticate': 'Bearer realm="proxy", error="invalid_token"' };
    for (const answer of [answerOf(401, ''), answerOf(401, '{"message":"Unauthorized"}', challenge)]) {
      expect(short(answer)).toEqual(['unclear', 'auth_failed', 'auth_failed']);
    }
    expect(short(answerOf(429, ''))).toEqual(['refused', 'rate_limited', '-']);
  });

  it('a refusal that Instagram calls transient is looked into, but for a throttle', () => {
    const transient = (code: number) =>
      answerOf(
        400,
        JSON.stringify({ error: { message: 'Try again', code, is_transient: true, error_user_msg: null } }),
      );
    expect(short(transient(-3))).toEqual(['unclear', 'publish_failed', 'goes on']);
    expect(short(transient(4))).toEqual(['refused', 'rate_limited', '-']);
    expect(short(transient(101))).toEqual(['refused', 'auth_failed', 'our app']);
  });
});

describe('the publish call', () => {
  it('names the prepared container in its body and carries the token in a header only', () => {
    const { request } = create(sessionWith({ container: CONTAINER }));
    expect(request).toEqual({
      method: 'POST',
      url: 'https://graph.instagram.com/v25.0/17841400000000001/media_publish',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'creation_id=17889615691921648',
    });
  });

  it('keeps with the intent what a later look needs', () => {
    const { markers } = adapter.create(
      sessionWith({ container: CONTAINER }, { text: 'Three of them', media: [picture('a'), video('b'), picture('c')] }),
    );
    expect(markers).toEqual({
      containerId: '17889615691921648',
      caption: 'Three of them',
      mediaType: 'CAROUSEL_ALBUM',
      childCount: 3,
    });
  });

  it('is not made of a container of another version of the post', () => {
    const session = sessionWith({ container: CONTAINER }, { fingerprint: 'b'.repeat(64) });
    expect(() => adapter.create(session)).toThrow(StepUnanswered);
  });

  it('is not made of a container of another caption, though all else is the same', () => {
    const { fingerprint: _, ...container } = { ...CONTAINER, madeFrom: 'f'.repeat(64) };
    expect(() => adapter.create(sessionWith({ container }))).toThrow(StepUnanswered);
  });
});
