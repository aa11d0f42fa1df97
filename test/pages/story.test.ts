// The story of a publish: what may be done about it, each with its way there or the sentence why not.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { minutesAgo, type Placed, place, placeAccount } from '../recovery/place.ts';
import { failedPublish, openShop, untilState } from '../workflow/shop.ts';
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

describe('an attempt', () => {
  it('tells its steps in their order, and the wait that followed', async () => {
    await stage.startWorker();
    const { scheduleId } = await failedPublish(stage);
    const refused = textOf((await olga.get(`/schedules/${scheduleId}`)).text);
    expect(refused).toMatch(
      /Its steps \(3\) .* It began .* The create was let go, to be sent by .* It was refused publish_failed/,
    );
    const shop = await openShop(stage);
    await shop.fault({ kind: 'rate_limited', resetInMs: 600_000 });
    const { scheduleId: throttled } = await stage.startPublish({ account: shop.name, text: 'Slow' });
    await untilState(stage, throttled, 'retry_later');
    expect(textOf((await olga.get(`/schedules/${throttled}`)).text)).toMatch(
      /The platform throttled the account rate_limited ; then it waited until /,
    );
  });
});

describe('of what nobody can tell', () => {
  it('shows what the platform lists on the story, asked only when somebody wants it, to who may decide', async () => {
    const account = await stage.connectSandboxAccount({ platform: 'x', name: `list-${randomUUID().slice(0, 8)}` });
    const id = await placed({ state: 'unconfirmed', openIntent: true, accountId: account.id });
    const judge = { platform: 'x', account: account.card.id };
    const story = (await olga.get(`/schedules/${id}`)).text;
    expect(story).toContain(`href="/schedules/${id}?look=1#nearby"`);
    expect(story).toContain(`hx-get="/schedules/${id}?look=1"`);
    expect(await stage.sandbox.calls(judge)).toEqual([]);
    const looked = textOf((await olga.get(`/schedules/${id}?look=1`)).text);
    expect(looked).toContain(`The platform lists no post of ${account.name} around`);
    expect(await stage.sandbox.calls(judge)).not.toEqual([]);
    expect((await vera.get(`/schedules/${id}?look=1`)).text).not.toContain('What the platform lists');
    const failed = await placed({ state: 'failed', cause: 'publish_failed' });
    expect((await olga.get(`/schedules/${failed}?look=1`)).text).not.toContain('What the platform lists');
  });
});

describe('a new post', () => {
  const check = async (platform: string, form: Readonly<Record<string, string>>) => {
    const account = await placeAccount(stage, { name: `new-${randomUUID()}`, platform, scopes: ['media.write'] });
    // Without scripts the button answers with the whole page.
    const { status, text } = await olga.post('/schedules/check', { account, ...form });
    expect(status).toBe(200);
    expect(text).toContain('<h1>New post</h1>');
    return textOf(/<div id="check".*?<\/div>\s*<label>Media/s.exec(text)?.[0] ?? '');
  };

  it('shows what counts and what the destination takes before anything is written', async () => {
    const empty = await check('instagram', {});
    expect(empty).toContain('0 of 2200 characters');
    expect(empty).toContain('0 of 30 hashtags');
    expect(empty).toContain('What Instagram takes of media');
    expect(empty).toContain('type image/jpeg; size at most 8 MiB');
    expect(empty).not.toContain('would not take it');
  });

  it('counts as the destination does, and takes the media into account that are listed', async () => {
    expect(await check('x', { text: 'https://example.com/a-very-long-address-that-counts-as-a-link 👋' })).toContain(
      '26 of 280 weighted characters',
    );
    expect(await check('bluesky', { text: 'Grüße' })).toContain('5 of 300 characters 7 of 3000 bytes of UTF-8');
    const alone = await check('instagram', { text: 'Hello' });
    expect(alone).toContain('media is empty');
    const shown = await check('instagram', { text: 'Hello', media: 'https://media.example/a.jpg A square' });
    expect(shown).toContain('Instagram takes it as it is. Its files are read when it is handed over.');
    const five = 'https://media.example/a.jpg\n'.repeat(5);
    expect(await check('x', { text: 'Hello', media: five })).toContain('media has 5 photos');
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

  it('of what is too late leads to a new time, whether or not it is approved, and says to a viewer who gives it one', async () => {
    const missed = await placed({ state: 'missed', text: `Missed ${randomUUID()}` });
    const unapproved = await placed({ state: 'missed', approvalRequired: true, text: `Missed ${randomUUID()}` });
    const { text } = await olga.get('/');
    for (const id of [missed, unapproved]) {
      expect(text).toContain(`<a class="button" href="/schedules/${id}/reschedule">Give it another time</a>`);
      expect(text).not.toContain(`href="/schedules/${id}/review"`);
    }
    expect((await vera.get('/')).text).toContain('It goes out only at a new time, which needs the role operator.');
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
