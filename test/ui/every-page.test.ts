// The pages shut nobody out, whether they wait for something or are empty: nothing axe finds, and no scrolling sideways at any width.
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { newPerson, signIn } from '../pages/person.ts';
import { minutesAgo, place, placeAccount } from '../recovery/place.ts';
import { looksOver } from './accessible.ts';
import { type Browser, openBrowser } from './browser.ts';

let stage: Stage;
let api: TestApi;
let browser: Browser;
let page: Page;
const addresses: Record<string, string> = {};
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  browser = await openBrowser();
  page = await browser.newPage();
  await signIn(page, api.url, await newPerson(stage, 'admin', 'Ada Admin'));
  const accountId = await placeAccount(stage, { name: 'harbour', status: 'reconnect_required' });
  const gone = await placeAccount(stage, { name: 'gone', deletedAt: minutesAgo(70) });
  const on = {
    accountId,
    text: 'A post with a_word_that_is_much_too_long_for_the_narrow_screen_of_a_telephone_in_one_line',
  };
  await place(stage, { ...on, id: 'unsure', state: 'unconfirmed', cause: 'unknown', openIntent: true });
  await place(stage, { ...on, id: 'failed', state: 'failed', cause: 'auth_expired' });
  await place(stage, { ...on, id: 'waits', state: 'retry_later', cause: 'publish_failed' });
  await place(stage, { ...on, id: 'review', state: 'blocked', approvalRequired: true, withMedia: true });
  await place(stage, { ...on, id: 'homeless', state: 'repair_required', cause: 'unknown', accountId: gone });
  await place(stage, { ...on, id: 'by-hand', state: 'handoff_pending', withMedia: true });
  const inADay = new Date(Date.now() + 86_400_000).toISOString();
  const link = await api.ask('POST', '/api/schedules/review/review-links', {
    json: { label: 'Client', expiresAt: inADay },
  });
  const batch = await api.ask('POST', '/api/batches', {
    json: { account: accountId, cause: 'auth_expired', pace: { kind: 'at_once' } },
  });
  addresses.review = new URL((link.body as { url: string }).url).pathname;
  addresses.batch = `/batches/${(batch.body as { id?: string }).id ?? randomUUID()}`;
  addresses.incident = `/incidents/${accountId}/auth_expired`;
  addresses.connection = `/connections/${accountId}`;
});
afterAll(async () => {
  await browser.close();
  await api.close();
  await stage.close();
});

const PATHS = [
  '/',
  'incident',
  'batch',
  'review',
  'connection',
  '/connections',
  '/connections/new',
  '/connections/new/x',
  '/connections/new/bluesky',
  '/connections/apps',
  '/schedules',
  '/schedules/unsure',
  '/schedules/unsure/resolve',
  '/schedules/failed/reschedule',
  '/schedules/waits/resume',
  '/schedules/failed/handoff',
  '/schedules/failed/edit',
  '/schedules/homeless/edit',
  '/schedules/review/review',
  '/schedules/review/media',
  '/schedules/new',
  '/handoff/by-hand',
  '/holds',
  '/tonight',
  '/proof',
  '/report',
  '/activity',
  '/notifications',
  '/people',
  '/keys',
  '/you',
  '/runs',
] as const;

it.each(PATHS)('%s', (name) => looksOver(page, `${api.url}${addresses[name] ?? name}`));
