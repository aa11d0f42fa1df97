// The story of a publish: what may be done about it, each with its way there or the sentence why not.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { minutesAgo, type Placed, place, placeAccount } from '../recovery/place.ts';
import { newPerson, visitor } from './person.ts';

let stage: Stage;
let api: TestApi;
let olga: ReturnType<typeof visitor>;
let vera: ReturnType<typeof visitor>;
let accountId: string;
let gone: string;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  olga = visitor(api.url, await newPerson(stage, 'operator', 'Olga Operator'));
  vera = visitor(api.url, await newPerson(stage, 'viewer', 'Vera Viewer'));
  accountId = await placeAccount(stage, { name: 'harbour' });
  gone = await placeAccount(stage, { name: 'gone', deletedAt: minutesAgo(70) });
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const placed = (wanted: Omit<Placed, 'accountId'> & { readonly accountId?: string }) =>
  place(stage, { accountId, id: `s-${randomUUID().slice(0, 8)}`, ...wanted });
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
/** The part of the page that says what may be done. */
const offersOf = (html: string) => /<section aria-labelledby="h-do">.*?<\/section>/s.exec(html)?.[0] ?? '';
const reasonOf = (html: string, offer: string) =>
  new RegExp(`<span id="why-${offer}" class="reason">([^<]*)<`).exec(html)?.[1];

describe('the story', () => {
  it('leads to a change of the post and to its review, in every state that is not over', async () => {
    for (const state of ['queued', 'failed', 'blocked', 'repair_required', 'held', 'missed', 'retry_later'] as const) {
      const id = await placed({ state, ...(state === 'failed' ? { cause: 'publish_failed' } : {}) });
      const offers = offersOf((await olga.get(`/schedules/${id}`)).text);
      expect(offers, state).toContain(`<a class="button" href="/schedules/${id}/edit">Edit it</a>`);
      expect(offers, state).toContain(`<a class="button" href="/schedules/${id}/review">Review or approve it</a>`);
      expect((await olga.get(`/schedules/${id}/review`)).text, state).toContain('Make a link');
    }
  });

  it('says why the post cannot be changed, and so does the page where it would be', async () => {
    const rows = [
      [{ state: 'posting' }, 'It is being published at this moment; look again in a minute.'],
      [
        { state: 'unconfirmed', openIntent: true },
        'A call for this post may have left, so its content stands; cancel it once it is known not to be live.',
      ],
    ] as const;
    for (const [wanted, why] of rows) {
      const id = await placed(wanted);
      expect(reasonOf((await olga.get(`/schedules/${id}`)).text, 'edit')).toBe(why);
      const edit = (await olga.get(`/schedules/${id}/edit`)).text;
      expect(edit).toContain(why);
      expect(edit).not.toContain('Save as a new version');
      expect((await olga.get(`/schedules/${id}`)).text).toContain(`href="/schedules/${id}/review"`);
    }
    const failed = await placed({ state: 'failed', cause: 'publish_failed' });
    expect(reasonOf((await vera.get(`/schedules/${failed}`)).text, 'edit')).toBe('This needs the role operator.');
  });

  it('offers nothing once it is over', async () => {
    for (const state of ['published', 'canceled', 'handoff_completed'] as const) {
      const id = await placed({ state });
      expect(offersOf((await olga.get(`/schedules/${id}`)).text)).toContain('It has ended; nothing can be changed.');
      expect((await olga.get(`/schedules/${id}/edit`)).text).toContain('The publish has ended');
      expect((await olga.get(`/schedules/${id}/review`)).text).not.toContain('Make a link');
    }
  });
});

describe('a row', () => {
  it('of what waits for its time without the approval it needs leads to the review', async () => {
    const waiting = await placed({ state: 'queued', approvalRequired: true, text: `Waits ${randomUUID()}` });
    const approved = await placed({
      state: 'queued',
      approvalRequired: true,
      decision: { verdict: 'approved', minutesAgo: 5 },
    });
    const { text } = await olga.get('/schedules');
    expect(text).toContain(`<a class="button" href="/schedules/${waiting}/review">Review it</a>`);
    expect(text).not.toContain(`href="/schedules/${approved}/review"`);
  });

  it('of a post whose account is gone leads to the choice of another one, and nothing is chosen by itself', async () => {
    const id = await placed({
      state: 'repair_required',
      cause: 'unknown',
      accountId: gone,
      text: `Gone ${randomUUID()}`,
    });
    const { text } = await olga.get('/');
    expect(text).toContain(`<a class="button" href="/schedules/${id}/edit#accountId">Choose the account</a>`);
    const edit = (await olga.get(`/schedules/${id}/edit`)).text;
    expect(textOf(edit)).toContain(
      'The account it is meant for is gone or no longer matches, so nothing is published.',
    );
    expect(edit).toContain('<option value="" selected>Choose the account</option>');
    const fingerprint = /name="expectedFingerprint" value="([^"]*)"/.exec(edit)?.[1] ?? '';
    const form = { expectedFingerprint: fingerprint, text: 'Gone', options: '{}', accountId: '' };
    expect((await olga.post(`/schedules/${id}/edit`, form)).status).toBe(422);
  });
});
