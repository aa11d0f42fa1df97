// What an answer to the create means: only an id is success, only an explicit refusal is failure, all else is unclear.
import { afterEach, expect, test } from 'vitest';
import type { PostToPublish } from '../../../src/platforms/sessions.ts';
import { adapter } from '../../../src/platforms/x/adapter.ts';
import { type AdapterSession, openAdapterSession } from '../../harness/adapter-session.ts';
import { account, answer, GRANT, PHOTO, post } from './facts.ts';

const opened: AdapterSession[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.close()));
});

function read(status: number, body: unknown, published: PostToPublish = post('Hello')) {
  const session = openAdapterSession({ account: account(), grant: GRANT, post: published });
  opened.push(session);
  return adapter.readCreate(answer(status, body), session);
}

const because = (detail: string) => ({ title: 'Forbidden', status: 403, detail, type: 'about:blank' });
const invalidIds = {
  errors: [{ parameters: { 'media.media_ids': ['184'] }, message: 'Your media IDs are invalid.' }],
  title: 'Invalid Request',
  detail: 'One or more parameters to your request was invalid.',
  type: 'https://api.x.com/2/problems/invalid-request',
};

test('a 201 with an id is live, at the address of its id', () => {
  const created = {
    data: { id: '1849000000000000001', text: 'Hello', edit_history_post_ids: ['1849000000000000001'] },
  };
  expect(read(201, created)).toEqual({
    kind: 'live',
    platformPostId: '1849000000000000001',
    url: 'https://x.com/i/web/status/1849000000000000001',
  });
});

test.each([
  ['nothing', ''],
  ['half an answer', '{"data":{"id":"18'],
  ['errors only', { errors: [{ detail: 'x' }] }],
  ['an id that lost its digits', { data: { id: 2 ** 60 } }],
  ['an id that is none', { data: { id: 'abc' } }],
])('a 201 with %s is unclear', (_what, body) => {
  expect(read(201, body)).toMatchObject({ kind: 'unclear', cause: { code: 'unknown', stage: 'create' } });
  expect(read(201, body)).not.toHaveProperty('ifAbsent');
});

test('a duplicate refusal is unclear; should nothing be found, the duplicate was an older post', () => {
  expect(read(403, because('You are not allowed to create a Tweet with duplicate content.'))).toMatchObject({
    kind: 'unclear',
    cause: { code: 'publish_failed' },
    ifAbsent: { code: 'publish_failed' },
    duplicate: true,
  });
  expect(read(403, { code: 187, message: 'Status is a duplicate.' })).toMatchObject({
    kind: 'unclear',
    duplicate: true,
  });
});

test('a refusal of our app is told as one: nothing is live, and the account is not to blame', () => {
  expect(read(402, { title: 'CreditsDepleted', detail: 'None.' })).toMatchObject({ kind: 'refused', app: true });
  expect(read(403, because('You are not permitted to perform this action.'))).not.toHaveProperty('app');
});

test.each([
  ['a 401', 401, '', 'auth_expired'],
  ['a 429', 429, '', 'rate_limited'],
  ['a 413', 413, '', 'media_invalid'],
  ['a 403 that says why', 403, because('You are not permitted to perform this action.'), 'publish_failed'],
  ['a 402', 402, { title: 'CreditsDepleted', detail: 'None.' }, 'permissions_missing'],
])('%s refuses: nothing is live', (_what, status, body, code) => {
  expect(read(status, body)).toMatchObject({ kind: 'refused', cause: { code } });
  expect(read(status, body)).not.toHaveProperty('forget');
});

test('a throttled create carries when to ask again, and which window is full', () => {
  const cause = { resumeAt: expect.stringMatching(/Z$/), window: 'create' };
  expect(read(429, '')).toMatchObject({ kind: 'refused', cause });
  expect(read(429, '', post('Hello', [PHOTO]))).toMatchObject({ kind: 'refused', cause });
});

test.each([
  ['a 400 in HTML', 400, '<html>Bad Request</html>'],
  ['a 403 in HTML', 403, '<html>Access denied</html>'],
  ["a 403 of a gateway's", 403, { message: 'Forbidden' }],
  ['a 409', 409, { title: 'Conflict', detail: 'Conflict' }],
  ['a redirect', 307, ''],
])('%s is no refusal of X: it is looked up, and fails when nothing is found', (_what, status, body) => {
  expect(read(status, body)).toMatchObject({ kind: 'unclear', ifAbsent: { stage: 'create' } });
});

test.each([408, 500, 502, 503, 504])('a %i says nothing of the post', (status) => {
  expect(read(status, 'error')).toMatchObject({ kind: 'unclear', cause: { code: 'unknown' } });
  expect(read(status, 'error')).not.toHaveProperty('ifAbsent');
});

test('a rejected post with media is a parent that failed after its children', () => {
  const reading = read(403, because('You are not permitted to perform this action.'), post('Hello', [PHOTO]));
  expect(reading).toMatchObject({ kind: 'refused', cause: { code: 'parent_create_failed', stage: 'parent' } });
});

test('media ids that X calls invalid are forgotten, so that a later attempt uploads again', () => {
  const two = post('Hello', [PHOTO, { ...PHOTO, url: 'https://media.test/b.jpg' }]);
  const reading = read(400, invalidIds, two);
  expect(reading).toMatchObject({ kind: 'refused', cause: { code: 'media_invalid' } });
  expect(reading).toHaveProperty('forget', [
    expect.stringMatching(/^x\.media\.0\.[0-9a-f]{32}$/),
    expect.stringMatching(/^x\.media\.1\.[0-9a-f]{32}$/),
  ]);
});
