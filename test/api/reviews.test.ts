// Decisions and review links: what was approved is exactly what goes out (R2, law 7).
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUPERSESSION_REASONS, type SupersessionReason } from '../../src/domain/reviews/decision.ts';
import { approvals } from '../../src/ledger/schema/schedules.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { noticeOf, person, visitor } from '../pages/visitor.ts';
import { openShop, samplePicture, scheduleOf, untilState } from '../workflow/shop.ts';
import { openApi, type TestApi } from './open-api.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage({ 'approvals.late_after': '1h' });
  await stage.startWorker();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

async function unapproved(post: Readonly<Record<string, unknown>> = {}) {
  const shop = await openShop(stage);
  const answer = await api.ask('POST', '/api/schedules', {
    json: { account: shop.name, text: `Review ${randomUUID()}`, approvalRequired: true, ...post },
  });
  const { id, fingerprint } = answer.body as { id: string; fingerprint: string };
  if (post.publishAt === undefined) await untilState(stage, id, 'blocked');
  return { shop, id, fingerprint };
}
type Unapproved = Awaited<ReturnType<typeof unapproved>>;
const decide = (id: string, expectedFingerprint: string, verdict = 'approved') =>
  api.ask('POST', `/api/schedules/${id}/decisions`, { json: { verdict, expectedFingerprint } });
const change = async ({ id, fingerprint }: Unapproved, json: Readonly<Record<string, unknown>>) => {
  const answer = await api.ask('PATCH', `/api/schedules/${id}`, {
    json: { expectedFingerprint: fingerprint, ...json },
  });
  expect(answer.status).toBe(200);
};
const editText = (id: string, expectedFingerprint: string, text: string) =>
  api.ask('PATCH', `/api/schedules/${id}`, { json: { expectedFingerprint, text } });

describe('a decision', () => {
  it('lets a publish go on by itself that was stopped for want of it', async () => {
    const { shop, id, fingerprint } = await unapproved();
    expect(await shop.creates()).toBe(0);
    const decided = await decide(id, fingerprint);
    expect(decided).toMatchObject({ status: 200, body: { verdict: 'approved', goesOn: true, tooLate: false } });
    await untilState(stage, id, 'published');
    expect(await shop.live()).toHaveLength(1);
  });

  it('does not outlive its version: an edit after it stops the publish again', async () => {
    const { shop, id, fingerprint } = await unapproved({ publishAt: inAnHour() });
    await decide(id, fingerprint);
    await editText(id, fingerprint, 'Another text than the approved one');
    const present = (await scheduleOf(stage, id))?.fingerprint ?? '';
    await api.ask('PATCH', `/api/schedules/${id}`, { json: { expectedFingerprint: present, publishAt: null } });
    await untilState(stage, id, 'blocked');
    expect(await shop.creates()).toBe(0);
  });

  it('on a version that was replaced is refused with what changed, and both versions', async () => {
    const { id, fingerprint } = await unapproved({ publishAt: inAnHour(), text: 'First' });
    await editText(id, fingerprint, 'Second');
    const late = await decide(id, fingerprint);
    expect(late).toMatchObject({
      status: 410,
      body: {
        error: {
          code: 'superseded',
          supersessionReason: 'content_changed',
          versions: { expected: { text: 'First' }, present: { text: 'Second' } },
        },
      },
    });
    expect(await stage.context.ledger.db.select().from(approvals).where(eq(approvals.scheduleId, id))).toEqual([]);
  });

  it('names what changed since: time, account, options, the end', async () => {
    const moved = await unapproved({ publishAt: inAnHour() });
    await api.ask('POST', `/api/schedules/${moved.id}/reschedule`, {
      json: { publishAt: new Date(Date.now() + 7.2e6).toISOString() },
    });
    const gone = await unapproved({ publishAt: inAnHour() });
    await api.ask('POST', `/api/schedules/${gone.id}/cancel`, { json: {} });
    const retargeted = await unapproved({ publishAt: inAnHour() });
    const other = await openShop(stage);
    await api.ask('PATCH', `/api/schedules/${retargeted.id}`, {
      json: { expectedFingerprint: retargeted.fingerprint, accountId: other.id },
    });
    const reasons = await Promise.all(
      [moved, gone, retargeted].map(async ({ id, fingerprint }) => (await decide(id, fingerprint)).body),
    );
    expect(reasons).toMatchObject([
      { error: { supersessionReason: 'time_changed' } },
      { error: { supersessionReason: 'schedule_ended' } },
      { error: { supersessionReason: 'target_changed' } },
    ]);
  });

  it('names the media and the options too, where those were changed', async () => {
    const picture = await samplePicture(stage);
    const illustrated = await unapproved({ publishAt: inAnHour(), media: [picture] });
    await change(illustrated, { media: [{ ...picture, altText: 'A square' }] });
    const quoting = await unapproved({ publishAt: inAnHour() });
    await change(quoting, { options: { textLimit: 1_000 } });
    const reasons = await Promise.all(
      [illustrated, quoting].map(async ({ id, fingerprint }) => decide(id, fingerprint)),
    );
    expect(reasons).toMatchObject([
      { status: 410, body: { error: { supersessionReason: 'media_changed' } } },
      { status: 410, body: { error: { supersessionReason: 'options_changed' } } },
    ]);
  });

  it('that rejects lets nothing go out, and the later of two counts', async () => {
    const { shop, id, fingerprint } = await unapproved();
    expect(await decide(id, fingerprint, 'rejected')).toMatchObject({ status: 200, body: { goesOn: false } });
    expect((await scheduleOf(stage, id))?.state).toBe('blocked');
    expect(await decide(id, fingerprint, 'approved')).toMatchObject({ body: { goesOn: true } });
    await untilState(stage, id, 'published');
    expect(await shop.live()).toHaveLength(1);
  });

  it('that comes too long after the due time waits for a replay', async () => {
    const { shop, id, fingerprint } = await unapproved();
    shiftClock(stage.folder, 3_700_000);
    expect(await decide(id, fingerprint)).toMatchObject({ status: 200, body: { goesOn: false, tooLate: true } });
    const { sessionId } = await person(stage, { role: 'approver' });
    const approver = visitor(api.url, sessionId);
    await approver.post(`/schedules/${id}/decisions`, { verdict: 'approved', expectedFingerprint: fingerprint });
    expect(noticeOf(approver)).toBe(
      'Approved, but its time is too long past for it to go out by itself; replay it if it is still to go out.',
    );
    shiftClock(stage.folder, 0);
    expect((await scheduleOf(stage, id))?.state).toBe('blocked');
    expect(await api.ask('GET', `/api/schedules/${id}`)).toMatchObject({
      body: { item: { replayOffered: true, nextAction: { code: 'replay_publish' } } },
    });
    expect(await shop.creates()).toBe(0);
  });

  it('and an edit at the same moment: whatever comes first, no version goes out that nobody approved', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { shop, id, fingerprint } = await unapproved();
      const text = `Edited ${randomUUID()}`;
      const [decided, edited] = await Promise.all([decide(id, fingerprint), editText(id, fingerprint, text)]);
      expect([200, 410]).toContain(decided.status);
      if (decided.status === 200 && edited.status === 409) await untilState(stage, id, 'published');
      const live = await shop.live();
      if (live.some((post) => post.text === text))
        expect.fail('the edited text went out under the approval of the other');
    }
  });

  it('and another like it at the same moment bring the post live once', async () => {
    const { shop, id, fingerprint } = await unapproved();
    const decided = await Promise.all([decide(id, fingerprint), decide(id, fingerprint), decide(id, fingerprint)]);
    expect(decided.map(({ status }) => status)).toContain(200);
    await untilState(stage, id, 'published');
    expect(await shop.creates()).toBe(1);
  });

  it('needs the scope for it', async () => {
    const { id, fingerprint } = await unapproved({ publishAt: inAnHour() });
    const key = await api.newKey(['schedules:read', 'schedules:write', 'replay', 'recover']);
    const answer = await api.ask('POST', `/api/schedules/${id}/decisions`, {
      json: { verdict: 'approved', expectedFingerprint: fingerprint },
      key,
    });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'scope_missing' } } });
  });
});

describe('a review link', () => {
  async function linked(post: Readonly<Record<string, unknown>> = {}) {
    const made = await unapproved(post);
    const answer = await api.ask('POST', `/api/schedules/${made.id}/review-links`, {
      json: { label: 'The client', expiresAt: inAnHour() },
    });
    expect(answer.status).toBe(201);
    const { id: linkId, url } = answer.body as { id: string; url: string };
    return { ...made, linkId, url };
  }
  const open = async (url: string) => {
    const response = await fetch(url, { redirect: 'manual' });
    return {
      status: response.status,
      text: await response.text(),
      reason: response.headers.get('supersession-reason'),
    };
  };
  const answer = async (url: string, form: Readonly<Record<string, string>>) => {
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    return {
      status: response.status,
      text: await response.text(),
      reason: response.headers.get('supersession-reason'),
    };
  };
  const stateOf = async (id: string) => {
    const { body } = await api.ask('GET', `/api/schedules/${id}/review-links`);
    return (body as { links: { state: string; reviewer: string | null; comment: string | null }[] }).links[0];
  };

  it('shows the post to somebody without an account, and an approval by it publishes', async () => {
    const { shop, id, url } = await linked();
    const page = await open(url);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Would you approve this post?');
    expect(await answer(url, { verdict: 'approved', name: 'Klara Kundin' })).toMatchObject({ status: 200 });
    await untilState(stage, id, 'published');
    expect(await shop.live()).toHaveLength(1);
    expect(await stateOf(id)).toMatchObject({ state: 'approved', reviewer: 'Klara Kundin' });
    const [decision] = await stage.context.ledger.db.select().from(approvals).where(eq(approvals.scheduleId, id));
    expect(decision?.decidedBy).toMatchObject({ type: 'SELF_DECLARED', label: 'Klara Kundin' });
  });

  it('takes a wish for changes with its comment, and nothing goes out', async () => {
    const { shop, id, url } = await linked();
    await answer(url, { verdict: 'rejected', name: 'Klara', comment: 'The price is wrong' });
    expect(await stateOf(id)).toMatchObject({ state: 'changes_requested', comment: 'The price is wrong' });
    expect((await scheduleOf(stage, id))?.state).toBe('blocked');
    expect(await shop.creates()).toBe(0);
  });

  it('decides nothing once the post was changed: 410, and the list says superseded and why', async () => {
    const { id, fingerprint, url } = await linked({ publishAt: inAnHour() });
    await editText(id, fingerprint, 'Changed under the reviewer');
    const late = await answer(url, { verdict: 'approved', name: 'Klara' });
    expect(late.status).toBe(410);
    expect(late.text).toContain('Its text was changed since.');
    const told = { state: 'superseded', supersessionReason: 'content_changed', reviewer: null };
    expect(await stateOf(id)).toMatchObject(told);
  });

  it('that was superseded says what became of the post, in the words of each reason, and so does the list', async () => {
    const picture = await samplePicture(stage);
    const later = new Date(Date.now() + 7.2e6).toISOString();
    const other = await openShop(stage);
    const WORDS: Record<SupersessionReason, string> = {
      content_changed: 'Its text was changed since. Nothing can be decided by this link',
      media_changed: 'Its media were changed since. Nothing can be decided by this link',
      target_changed: 'It is meant for another account since. Nothing can be decided by this link',
      time_changed: 'Its time was changed since. Nothing can be decided by this link',
      options_changed: 'Its options were changed since. Nothing can be decided by this link',
      schedule_ended: 'It has ended since: it is live, or it was canceled. Nothing more is asked of you.',
    };
    const CHANGES: Record<SupersessionReason, Readonly<Record<string, unknown>> | null> = {
      content_changed: { text: 'Other words' },
      media_changed: { media: [picture] },
      target_changed: { accountId: other.id },
      time_changed: { publishAt: later },
      options_changed: { options: { textLimit: 1_000 } },
      schedule_ended: null,
    };
    const operator = visitor(api.url, (await person(stage, { role: 'operator' })).sessionId);
    for (const reason of SUPERSESSION_REASONS) {
      const made = await linked({ publishAt: inAnHour() });
      const changes = CHANGES[reason];
      if (changes) await change(made, changes);
      else await api.ask('POST', `/api/schedules/${made.id}/cancel`, { json: {} });
      for (const seen of [await open(made.url), await answer(made.url, { verdict: 'approved', name: 'Klara' })]) {
        expect(seen.status, reason).toBe(410);
        expect(seen.text, reason).toContain(WORDS[reason]);
        expect(seen.reason).toBe(reason);
      }
      expect(await stateOf(made.id)).toMatchObject({ state: 'superseded', supersessionReason: reason });
      expect((await operator.get(`/schedules/${made.id}/review`)).text).toContain(`<code>${reason}</code>`);
    }
  });

  it('is good for one answer: of two at once, one counts', async () => {
    const { id, url } = await linked({ publishAt: inAnHour() });
    const answers = await Promise.all([
      answer(url, { verdict: 'approved', name: 'Klara' }),
      answer(url, { verdict: 'rejected', name: 'Bert' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410]);
    const decisions = await stage.context.ledger.db.select().from(approvals).where(eq(approvals.scheduleId, id));
    expect(decisions).toHaveLength(1);
  });

  it('that was revoked or is over opens nothing', async () => {
    const revoked = await linked({ publishAt: inAnHour() });
    const path = `/api/schedules/${revoked.id}/review-links/${revoked.linkId}`;
    expect((await api.ask('DELETE', path)).status).toBe(200);
    expect((await api.ask('DELETE', path)).status).toBe(404);
    expect((await answer(revoked.url, { verdict: 'approved', name: 'Klara' })).status).toBe(410);
    const over = await linked({ publishAt: new Date(Date.now() + 86_400_000).toISOString() });
    shiftClock(stage.folder, 3_700_000);
    expect((await answer(over.url, { verdict: 'approved', name: 'Klara' })).status).toBe(410);
    shiftClock(stage.folder, 0);
    for (const { id } of [revoked, over]) {
      expect(await stage.context.ledger.db.select().from(approvals).where(eq(approvals.scheduleId, id))).toEqual([]);
    }
  });

  it('without a name decides nothing and says what is missing', async () => {
    const { id, url } = await linked({ publishAt: inAnHour() });
    const unnamed = await answer(url, { verdict: 'approved', name: ' ' });
    expect(unnamed.status).toBe(422);
    expect(unnamed.text).toContain('Your name is needed');
    expect(await stateOf(id)).toMatchObject({ state: 'open', supersessionReason: null });
  });

  it('cannot be guessed: wrong addresses are nothing, and after a while are not even looked for', async () => {
    const guess = () => open(`${api.url}/review/${randomUUID()}`);
    expect((await guess()).status).toBe(404);
    const many = await Promise.all(Array.from({ length: 30 }, guess));
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([404, 429]));
  });
});
