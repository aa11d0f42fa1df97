// Everything before the point of no return on the sandbox's Instagram: each fault of each call ends as the reference
// demands, nothing is live, and the next pass goes on from what was saved.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import type { NewFault } from '../../../src/sandbox/control.ts';
import type { Situation } from './open-session.ts';
import { openPublish, openSandbox, outcomeOf, type Publish, type Sandboxed, sample } from './sandbox-account.ts';

let sandbox: Sandboxed;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const open: Publish[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ session }) => session.close()));
});

async function publish(situation: Situation = {}, settings: Record<string, unknown> = {}): Promise<Publish> {
  const started = openPublish(sandbox, await sandbox.account(settings), situation);
  open.push(started);
  return started;
}

const bundle = () => [sample(sandbox.url, 'jpg', '1'), sample(sandbox.url, 'mp4', '2')];

/** The call, once for each container of a bundle and once for a picture alone; null: the fault meets every call. */
type Row = readonly [fault: NewFault['fault'], times: number | null, expected: string];

const CREATION: readonly Row[] = [
  [{ kind: 'reset_before' }, 1, 'prepared'],
  [{ kind: 'reset_before' }, null, 'unanswered'],
  [{ kind: 'hang_before' }, 1, 'prepared'],
  [{ kind: 'html_error', status: 502 }, 2, 'prepared'],
  [{ kind: 'html_error', status: 503 }, null, 'unanswered'],
  [{ kind: 'commit_then_reset' }, 1, 'prepared'],
  [{ kind: 'commit_then_hang' }, 1, 'prepared'],
  [{ kind: 'commit_then_status', status: 500 }, 1, 'prepared'],
  [{ kind: 'commit_then_truncate' }, 1, 'prepared'],
  [{ kind: 'commit_then_garbage' }, 1, 'unanswered'],
  [{ kind: 'unauthorized' }, 1, 'reconnect_required'],
  [{ kind: 'refuse_before', preset: 'token_expired' }, 1, 'auth_expired'],
  [{ kind: 'refuse_before', preset: 'password_changed' }, 1, 'reconnect_required'],
  [{ kind: 'refuse_before', preset: 'permission_missing' }, 1, 'permissions_missing'],
  [{ kind: 'refuse_before', preset: 'account_restricted' }, 1, 'reconnect_required'],
  [{ kind: 'refuse_before', preset: 'aspect_ratio' }, 1, 'media_invalid'],
  [{ kind: 'refuse_before', preset: 'unfetchable' }, 2, 'prepared'],
  [{ kind: 'refuse_before', preset: 'unfetchable' }, null, 'media_invalid'],
  [{ kind: 'refuse_before', preset: 'instagram_server_error' }, 1, 'prepared'],
  [{ kind: 'rate_limited', form: 'usage_minutes', resetInMs: 600_000 }, 1, 'rate_limited'],
  [{ kind: 'rate_limited', form: 'app_usage' }, 1, 'rate_limited'],
  [{ kind: 'rate_limited', form: 'none' }, 1, 'rate_limited'],
  [{ kind: 'rate_limited', form: 'user' }, 1, 'rate_limited'],
  [{ kind: 'rate_limited', form: 'custom' }, 1, 'rate_limited'],
  [{ kind: 'rate_limited', form: 'abusive' }, 1, 'rate_limited'],
  [{ kind: 'rate_limited', form: 'quota' }, 1, 'rate_limited'],
  [{ kind: 'rate_limited', form: 'retry_after', resetInMs: 90_000 }, 1, 'rate_limited'],
  [{ kind: 'processing_failed', name: '2207082' }, 1, 'prepared'],
  [{ kind: 'processing_failed', name: '2207026' }, 1, 'media_invalid'],
];

/** What one call alone stands for at its stage. */
const BY_CALL: readonly (readonly [call: string, preset: string, expected: string])[] = [
  ['create_container.single', 'parameter', 'child_create_failed'],
  ['create_container.child', 'parameter', 'child_create_failed'],
  ['create_container.parent', 'parameter', 'parent_create_failed'],
  ['create_container.parent', 'carousel_size', 'parent_create_failed'],
  ['create_container.single', 'invalid_location', 'parent_create_failed'],
  ['create_container.single', 'object_missing', 'permissions_missing'],
];

const situationOf = (call: string): Situation => (call.endsWith('single') ? {} : { media: bundle() });

describe('creating a container', () => {
  for (const call of ['create_container.single', 'create_container.child', 'create_container.parent']) {
    for (const [fault, times, expected] of CREATION) {
      const named = 'preset' in fault ? fault.preset : JSON.stringify(Object.values(fault));
      it(`${call} ${named} ${times ?? 'every'} time(s) ends ${expected}`, async () => {
        const post = await publish(situationOf(call));
        await post.fault(call, fault, times);
        expect(await post.prepare()).toBe(expected);
        expect(await post.live()).toEqual([]);
        await sandbox.control.clearFaults();
        expect(await post.prepare()).toBe('prepared');
        expect((await post.send()).kind).toBe('live');
        expect((await post.live()).length).toBe(1);
      });
    }
  }

  for (const [call, preset, expected] of BY_CALL) {
    it(`${call} refused with ${preset} ends ${expected}`, async () => {
      const post = await publish(situationOf(call));
      await post.fault(call, { kind: 'refuse_before', preset });
      expect(await post.prepare()).toBe(expected);
    });
  }

  it('a picture that is no JPEG is refused by Instagram too', async () => {
    const post = await publish({ media: [sample(sandbox.url, 'png')] });
    expect(await post.prepare()).toBe('media_invalid');
  });

  it('an address that answers nothing is media to review', async () => {
    const post = await publish({ media: [{ ...sample(sandbox.url, 'jpg'), url: `${sandbox.url}/media/none.jpg` }] });
    expect(await post.prepare()).toBe('media_invalid');
  });
});

describe('awaiting a container', () => {
  it.each([
    ['create_container.single', 'child_processing_timeout'],
    ['create_container.child', 'child_processing_timeout'],
    ['create_container.parent', 'parent_create_failed'],
  ])('%s whose processing never ends is %s, and the next pass makes another', async (call, expected) => {
    const post = await publish({ ...situationOf(call), mediaProcessingMs: 300 });
    await post.fault(call, { kind: 'processing_never_ends' });
    expect(await post.prepare()).toBe(expected);
    expect(await post.prepare()).toBe('prepared');
  });

  it.each([
    [{ kind: 'reset_before' }, 'prepared'],
    [{ kind: 'html_error', status: 502 }, 'prepared'],
    [{ kind: 'commit_then_truncate' }, 'prepared'],
    [{ kind: 'commit_then_garbage' }, 'unanswered'],
    [{ kind: 'refuse_before', preset: 'token_expired' }, 'auth_expired'],
    [{ kind: 'unauthorized' }, 'reconnect_required'],
    [{ kind: 'rate_limited' }, 'rate_limited'],
    [{ kind: 'refuse_before', preset: 'not_found_for_now' }, 'prepared'],
  ] satisfies [NewFault['fault'], string][])(
    'a status call that meets %j ends %s, and nothing is made again',
    async (fault, expected) => {
      const post = await publish();
      await post.fault('container_status', fault);
      expect(await post.prepare()).toBe(expected);
      await sandbox.control.clearFaults();
      expect(await post.prepare()).toBe('prepared');
      const made = await sandbox.control.calls({ account: post.session.account.remoteId, call: 'create_container' });
      expect(made.length).toBe(1);
    },
  );

  it('a container that waited for more than a day is replaced', async () => {
    const own = await openSandbox();
    try {
      const post = openPublish(own, await own.account(), { media: [sample(own.url, 'jpg')] });
      open.push(post);
      await post.prepare();
      const first = post.session.saved.get('container');
      await own.control.shiftClock(25 * 3_600_000);
      expect(await post.prepare()).toBe('prepared');
      expect(post.session.saved.get('container')).not.toEqual(first);
      expect((await post.send()).kind).toBe('live');
    } finally {
      await own.close();
    }
  });
});

describe('the account', () => {
  it('with a spent quota waits until its oldest post leaves the day', async () => {
    const card = await sandbox.account({ quota: { publish: { limit: 1, windowMs: 86_400_000 } } });
    const [first, second] = [openPublish(sandbox, card), openPublish(sandbox, card)];
    open.push(first, second);
    await first.prepare();
    await first.send();
    const [live] = await first.live();
    const resume = await adapter
      .prepare(second.session)
      .catch((error: { cause: { resumeAt: string } }) => error.cause.resumeAt);
    expect(Date.parse(String(resume)) - (live?.createdAtMs ?? 0)).toBeCloseTo(86_400_000, -4);
    expect(await second.live()).toHaveLength(1);
  });

  it('with a token a day old gets a new one, and publishes with it', async () => {
    const card = await sandbox.account({}, 2 * 86_400_000);
    const old = openPublish(sandbox, card);
    const { grant, expiresAt } = await adapter.renew(old.session);
    expect(grant.accessToken).not.toBe(card.accessToken);
    expect((expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(59 * 86_400_000);
    const renewed = openPublish(sandbox, card, { grant });
    open.push(old, renewed);
    expect(await renewed.prepare()).toBe('prepared');
    expect((await renewed.send()).kind).toBe('live');
  });

  it.each([
    ['expired', () => ({ action: 'expire' }) as const, 'auth_expired', 'auth_expired'],
    ['revoked', () => ({ action: 'revoke', detail: '467' }) as const, 'reconnect_required', 'reconnect_required'],
    [
      'without a scope',
      () => ({ action: 'drop_scope', scope: 'instagram_business_content_publish' }) as const,
      'permissions_missing',
      'unanswered',
    ],
  ])('with a token %s is told so, and so is its renewal', async (_, change, prepared, renewed) => {
    const card = await sandbox.account();
    const post = openPublish(sandbox, card);
    open.push(post);
    await sandbox.control.changeTokens(card.id, change());
    expect(await post.prepare()).toBe(prepared);
    expect(await outcomeOf(adapter.renew(post.session).then(() => 'renewed'))).toBe(renewed);
  });
});
