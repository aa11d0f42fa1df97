// A grant that reaches several destinations: the person chooses one, and what was not chosen leaves nothing behind.
import { and, eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setApp } from '../../src/ledger/connections/apps.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { connectionFlows } from '../../src/ledger/schema/connections.ts';
import type { PlatformAdapter } from '../../src/platforms/contract.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { placeAccount } from '../recovery/place.ts';
import { looksOver } from '../ui/accessible.ts';
import { type Browser, openBrowser } from '../ui/browser.ts';
import { noticeOf, type Person, signIn } from './person.ts';
import { apiBaseOf, decideAt } from './platform-pages.ts';

const ADMIN = { type: 'USER', id: 'admin-1', label: 'Ada Admin' } as const;
const PAGES = ['page-1', 'page-2', 'page-3'];

const LONG_NAME = 'The_harbour_kitchen_and_its_garden_and_everything_else_that_belongs_to_it_by_name';

/** As X, but that its grants reach three pages, the second with a grant of its own. */
function withPages(adapter: PlatformAdapter | undefined): PlatformAdapter {
  if (!adapter) throw new TypeError('there is no X');
  return {
    ...adapter,
    destinations: async () => [
      { remoteId: 'page-1', name: 'Bakery' },
      { remoteId: 'page-2', name: 'Brewery', grant: { accessToken: 'token-of-the-brewery' } },
      { remoteId: 'page-3', name: LONG_NAME },
    ],
  };
}

let stage: Stage;
let api: TestApi;
let ada: Person;
let browser: Browser;
beforeAll(async () => {
  stage = await openStage();
  const { platforms } = stage.context;
  api = await openApi(stage, { context: { platforms: new Map([...platforms, ['x', withPages(platforms.get('x'))]]) } });
  ada = await signIn(stage, api.url);
  browser = await openBrowser();
  const app = { platform: 'x', clientId: 'our-app', clientSecret: 'our-secret' };
  await stage.sandbox.registerApp({ ...app, redirectUris: [`${api.url}/connections/x/callback`] });
  const ours = { ...app, workspaceId: stage.workspaceId, apiBase: apiBaseOf(stage, 'x'), actor: ADMIN };
  await setApp(stage.context.ledger, ours);
});
afterAll(async () => {
  await browser.close();
  await api.close();
  await stage.close();
});

async function comeBack(path: string): Promise<{ ticket: string; text: string; status: number }> {
  const card = await stage.sandbox.createAccount({ platform: 'x', name: 'owner' });
  const page = await ada.get(await decideAt((await ada.post(path)).leadsTo ?? '', { account: card.id }));
  return { ...page, ticket: /name="ticket" value="([^"]+)"/.exec(page.text)?.[1] ?? '' };
}

const known = async () =>
  stage.context.ledger.db
    .select()
    .from(connectedAccounts)
    .where(and(eq(connectedAccounts.workspaceId, stage.workspaceId), inArray(connectedAccounts.remoteId, PAGES)));

describe('a grant that reaches several destinations', () => {
  it('connects the one that is chosen, with its own grant, once, and only for the session that began', async () => {
    const { ticket, text } = await comeBack('/connections/new/x');
    expect(text).toContain('Bakery');
    expect(text).toContain('Brewery');
    expect(text).not.toContain('token-of-the-brewery');
    expect(await known()).toEqual([]);
    const mallory = await signIn(stage, api.url);
    expect((await mallory.get(`/connections/x/choose?ticket=${ticket}`)).status).toBe(410);
    expect((await mallory.post('/connections/x/choose', { ticket, remoteId: 'page-1' })).status).toBe(410);
    const chosen = { ticket, remoteId: 'page-2' };
    expect(noticeOf(await ada.post('/connections/x/choose', chosen))).toBe('"Brewery" is connected.');
    const [row, ...others] = await known();
    expect(others).toEqual([]);
    expect(stage.context.ledger.sealer.open(row?.id ?? '', row?.sealedGrant ?? new Uint8Array())).toEqual({
      accessToken: 'token-of-the-brewery',
    });
    expect((await ada.post('/connections/x/choose', chosen)).status).toBe(410);
    expect(await stage.context.ledger.db.select().from(connectionFlows)).toEqual([]);
  });

  it('shuts nobody out of the choice: nothing axe finds at any width, by day and by night, and a keyboard is enough', async () => {
    const { ticket } = await comeBack('/connections/new/x');
    const page = await browser.newPage();
    await page.context().addCookies([{ name: 'oncepost_session', value: ada.sessionId, url: api.url }]);
    await looksOver(page, `${api.url}/connections/x/choose?ticket=${ticket}`);
    await page.getByRole('radio', { name: 'Bakery' }).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Space', 'Tab']) await page.keyboard.press(key);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Connect it');
    await page.keyboard.press('Enter');
    await page.getByText(`"${LONG_NAME}" is connected.`).waitFor();
  });

  it('connects nothing when what is chosen was not on the list', async () => {
    const { ticket } = await comeBack('/connections/new/x');
    const before = await known();
    const page = await ada.post('/connections/x/choose', { ticket, remoteId: 'page-9' });
    expect(noticeOf(page)).toBe('Nothing of that list was chosen, so nothing was connected; begin again.');
    expect(await known()).toEqual(before);
  });

  it('reconnects the account that it is among them without asking', async () => {
    const id = await placeAccount(stage, { name: 'the-bakery' });
    await stage.context.ledger.db
      .update(connectedAccounts)
      .set({ remoteId: 'page-1', status: 'reconnect_required' })
      .where(eq(connectedAccounts.id, id));
    const { text } = await comeBack(`/connections/${id}/reconnect`);
    expect(text).toContain('&quot;the-bakery&quot; is connected again.');
  });
});
