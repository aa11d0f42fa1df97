// `/connections/new`: which platform, then its own pages or the form of its secrets.
import { html } from 'hono/html';
import { connectWithSecrets } from '../../connections/connect-with-secrets.ts';
import { asksForSecrets, type SecretsAdapter } from '../../connections/connecting.ts';
import { startFlow } from '../../connections/oauth/start-flow.ts';
import { noApp } from '../../connections/our-app.ts';
import { listApps } from '../../ledger/connections/apps.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, postForm } from '../shell/parts.ts';
import { leaveFor, redirectAddress } from './leaving.ts';
import { backWithReason, toAccount } from './outcome.ts';
import { field, secretFields, secretsIn } from './secrets-form.ts';

/** Registers the pages and the form. */
export function newPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/connections/new', allowed('accounts.connect'), (c) => {
    const platforms = [...deps.platforms.values()].sort((one, other) => one.label.localeCompare(other.label));
    const body = html`<p class="fact"><a href="/connections">Connections</a></p><h1>Connect an account</h1>
<p>On which platform?</p><ul class="choices">${platforms.map(({ platform, label }) => html`<li><a class="button" href="/connections/new/${platform}">${label}</a></li>`)}</ul>`;
    return c.html(page(c, { title: 'Connect an account', room: '/connections', body }));
  });
  pages.get('/connections/new/:platform', allowed('accounts.connect'), async (c) => {
    const adapter = adapterOf(c, deps);
    const body = html`<p class="fact"><a href="/connections/new">Connect an account</a></p><h1>Connect an account of ${adapter.label}</h1>${await formOf(c, deps, adapter)}`;
    return c.html(page(c, { title: `Connect an account of ${adapter.label}`, room: '/connections', body }));
  });
  pages.post('/connections/new/:platform', allowed('accounts.connect'), async (c) => {
    const form = await readForm(c);
    const adapter = adapterOf(c, deps);
    try {
      return await connect(c, deps, adapter, form);
    } catch (error) {
      return backWithReason(c, deps, error, `/connections/new/${adapter.platform}`);
    }
  });
}

function adapterOf(c: PageContext, deps: PagesDeps): PlatformAdapter {
  const adapter = deps.platforms.get(c.req.param('platform') ?? '');
  if (!adapter) throw nothingHere();
  return adapter;
}

const NAME = field({
  name: 'name',
  label: 'Name',
  help: 'How schedules call it; what the platform calls it without one.',
});

async function formOf(c: PageContext, deps: PagesDeps, adapter: PlatformAdapter): Promise<Html> {
  const action = `/connections/new/${adapter.platform}`;
  if (asksForSecrets(adapter)) return secretsForm(c, action, adapter);
  const apps = await listApps(deps.ledger, c.get('caller').workspaceId);
  if (!apps.some(({ platform }) => platform === adapter.platform)) {
    return html`<p>${noApp(adapter)}</p><p><a class="button main" href="/connections/apps">Set the app</a></p>`;
  }
  const form = html`${NAME}<button class="main">Go on to ${adapter.label}</button>`;
  return html`<p>${adapter.label} asks on its own pages whether this workspace may publish for the account.</p>${postForm(c, action, form, html`class="form"`)}`;
}

function secretsForm(c: PageContext, action: string, { connect: { fields } }: SecretsAdapter): Html {
  return postForm(
    c,
    action,
    html`${secretFields(fields)}${NAME}<button class="main">Connect</button>`,
    html`class="form"`,
  );
}

async function connect(
  c: PageContext,
  deps: PagesDeps,
  adapter: PlatformAdapter,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const caller = c.get('caller');
  const { platform } = adapter;
  const meant = { accountId: null, name: form.name?.trim() || null };
  if (asksForSecrets(adapter)) {
    const secrets = secretsIn(form, adapter.connect.fields);
    return toAccount(c, deps, await connectWithSecrets(deps, caller, { platform, secrets, ...meant }));
  }
  const holder = { workspaceId: caller.workspaceId, sessionId: c.get('sessionId'), platform };
  return leaveFor(c, await startFlow(deps, holder, { ...meant, redirectUri: redirectAddress(c, deps, platform) }));
}
