// Reconnecting: the same account gets a new grant, by the platform's own pages or by new secrets.
import { html } from 'hono/html';
import { connectWithSecrets } from '../../connections/connect-with-secrets.ts';
import { asksForSecrets } from '../../connections/connecting.ts';
import { startFlow } from '../../connections/oauth/start-flow.ts';
import type { Connection } from '../../domain/connections/connection.ts';
import { findAccount } from '../../ledger/accounts/find-account.ts';
import type { AccountRow } from '../../ledger/schedules/facts.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { disabledButton, type Html, postForm } from '../shell/parts.ts';
import { leaveFor, redirectAddress } from './leaving.ts';
import { backWithReason, toAccount } from './outcome.ts';
import { secretFields, secretsIn } from './secrets-form.ts';

/** Registers the page and its form. */
export function reconnectPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/connections/:id/reconnect', allowed('accounts.connect'), async (c) => {
    const account = await accountOf(c, deps);
    const adapter = deps.platforms.get(account.platform);
    if (!adapter || !asksForSecrets(adapter)) return c.redirect(`/connections/${account.id}`, 303);
    const form = html`${secretFields(adapter.connect.fields)}<button class="main">Reconnect</button>`;
    const body = html`<p class="fact"><a href="/connections/${account.id}">${account.name}</a></p><h1>Reconnect ${account.name}</h1>
${postForm(c, `/connections/${account.id}/reconnect`, form, html`class="form"`)}`;
    return c.html(page(c, { title: `Reconnect ${account.name}`, room: '/connections', body }));
  });
  pages.post('/connections/:id/reconnect', allowed('accounts.connect'), async (c) => {
    const form = await readForm(c);
    const account = await accountOf(c, deps);
    try {
      return await reconnect(c, deps, account, form);
    } catch (error) {
      return backWithReason(c, deps, error, `/connections/${account.id}`);
    }
  });
}

async function accountOf(c: PageContext, deps: PagesDeps): Promise<AccountRow> {
  const account = await findAccount(deps.ledger, c.get('caller').workspaceId, c.req.param('id') ?? '');
  if (!account) throw nothingHere();
  return account;
}

async function reconnect(
  c: PageContext,
  deps: PagesDeps,
  { id: accountId, platform }: AccountRow,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const caller = c.get('caller');
  const adapter = deps.platforms.get(platform);
  if (adapter && asksForSecrets(adapter)) {
    const secrets = secretsIn(form, adapter.connect.fields);
    return toAccount(c, deps, await connectWithSecrets(deps, caller, { platform, secrets, accountId, name: null }));
  }
  const holder = { workspaceId: caller.workspaceId, sessionId: c.get('sessionId'), platform };
  const redirectUri = redirectAddress(c, deps, platform);
  return leaveFor(c, await startFlow(deps, holder, { accountId, name: null, redirectUri }));
}

/** The button on the account's page. */
export function reconnectButton(c: PageContext, deps: PagesDeps, { id, platform, repair }: Connection): Html {
  const adapter = deps.platforms.get(platform);
  if (!adapter)
    return disabledButton('Reconnect', `Oncepost does not know the platform ${platform} any more.`, 'why-reconnect');
  if (asksForSecrets(adapter))
    return html`<a class="button ${repair ? 'main' : ''}" href="/connections/${id}/reconnect">Reconnect</a>`;
  return postForm(c, `/connections/${id}/reconnect`, html`<button class="${repair ? 'main' : ''}">Reconnect</button>`);
}
