// `/keys`: the API keys of machines. A key's secret is shown once, on the page that answers its making.
import { html } from 'hono/html';
import { API_SCOPES, SCOPE_MEANS } from '../../domain/api/api-scopes.ts';
import { keyNameSchema } from '../../domain/people/key-name.ts';
import { type ApiKey, createApiKey, listApiKeys, revokeApiKey } from '../../ledger/workspaces/api-keys.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';

/** Registers them. */
export function keysPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/keys', allowed('keys.read'), async (c) => c.html(await keysPage(c, deps)));
  pages.post('/keys', allowed('keys.change'), (c) => makeOne(c, deps));
  pages.post('/keys/:id/revoke', allowed('keys.change'), (c) => revokeOne(c, deps));
}

async function makeOne(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const name = keyNameSchema.safeParse(form.name);
  const scopes = API_SCOPES.filter((scope) => form[scopeField(scope)] !== undefined);
  if (!name.success || scopes.length === 0) {
    const text = 'A key needs a name of 1 to 100 characters and at least one scope, so none was made; fill in both.';
    leaveNotice(c, deps, { kind: 'refused', text });
    return c.redirect('/keys', 303);
  }
  const { workspaceId, actor } = c.get('caller');
  const { key } = await createApiKey(deps.ledger, { workspaceId, name: name.data, scopes, actor });
  // Not by way of a redirect: the secret would have to be kept somewhere until the next page.
  return c.html(await keysPage(c, deps, { name: name.data, key }));
}

async function revokeOne(c: PageContext, deps: PagesDeps): Promise<Response> {
  await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  if (!(await revokeApiKey(deps.ledger, workspaceId, c.req.param('id') ?? '', actor))) throw nothingHere();
  leaveNotice(c, deps, { kind: 'done', text: 'The key is revoked: nothing gets in with it any more.' });
  return c.redirect('/keys', 303);
}

interface NewKey {
  readonly name: string;
  readonly key: string;
}

async function keysPage(c: PageContext, { ledger }: PagesDeps, made?: NewKey): Promise<Html> {
  const { workspaceId, workspaceName } = c.get('caller');
  const keys = await listApiKeys(ledger, workspaceId);
  const body = html`<h1>API keys of ${workspaceName}</h1>
${made ? shownOnce(made) : NOTHING}
${keys.length === 0 ? html`<p class="empty">There are no keys.</p>` : keyList(c, keys)}
<h2>Make a key</h2>
${makeForm(c)}`;
  return page(c, { title: 'API keys', room: '/keys', body });
}

function shownOnce({ name, key }: NewKey): Html {
  return html`<section class="notice" role="status"><p>The key “${name}” is made. It is shown this once: copy it now; who loses it revokes it and makes another.</p>
<p><input class="secret" readonly value="${key}" aria-label="The new key" autocomplete="off"></p></section>`;
}

function keyList(c: PageContext, keys: readonly ApiKey[]): Html {
  return html`<table class="list"><thead><tr><th>Name</th><th>Begins with</th><th>Scopes</th><th>Made</th><th>Last used</th><th><span class="unseen">Revocation</span></th></tr></thead>
<tbody>${keys.map((key) => keyRow(c, key))}</tbody></table>`;
}

function keyRow(c: PageContext, { id, name, prefix, scopes, createdAt, lastUsedAt }: ApiKey): Html {
  const revoke = postForm(c, `/keys/${id}/revoke`, html`<button class="danger">Revoke “${name}”</button>`);
  return html`<tr><td>${name}</td><td data-label="Begins with"><code>${prefix}</code></td>
<td data-label="Scopes">${scopes.join(', ')}</td><td data-label="Made">${time(c, createdAt)}</td>
<td data-label="Last used">${lastUsedAt ? time(c, lastUsedAt) : html`<span class="none">never</span>`}</td>
<td class="act"><details class="sure"><summary>Revoke</summary><p>Whatever uses it is shut out at once, for good.</p>${revoke}</details></td></tr>`;
}

const scopeField = (scope: string) => `scope:${scope}`;

function makeForm(c: PageContext): Html {
  const boxes = API_SCOPES.map(
    (scope) =>
      html`<label class="check"><input type="checkbox" name="${scopeField(scope)}"> <span><code>${scope}</code> <span class="fact">${SCOPE_MEANS[scope]}</span></span></label>`,
  );
  return postForm(
    c,
    '/keys',
    html`<label>What it is for <input name="name" required maxlength="100" autocomplete="off"></label>
<fieldset><legend>What it may do</legend>${boxes}</fieldset><button class="main">Make a key</button>`,
    html`class="fields"`,
  );
}
