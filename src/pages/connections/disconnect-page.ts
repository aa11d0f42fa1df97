// Disconnecting an account, after a page that says what follows from it.
import { html } from 'hono/html';
import { findConnection } from '../../connections/list-connections.ts';
import { disconnectAccount } from '../../ledger/accounts/disconnect.ts';
import type { Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { postForm } from '../shell/parts.ts';

/** Registers the page and its form. */
export function disconnectPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/connections/:id/disconnect', allowed('accounts.connect'), async (c) => {
    const connection = await findConnection(deps, c.get('caller').workspaceId, c.req.param('id'));
    if (!connection) throw nothingHere();
    const { id, name, platformLabel, queued } = connection;
    const stops =
      queued === 0 ? 'Nothing is under way for it now.' : `What has not ended (${queued}) stops until then.`;
    const body = html`<p class="fact"><a href="/connections/${id}">${name}</a></p><h1>Disconnect ${name}?</h1>
<p>Its grant is forgotten here, and nothing is published to it until it is connected again. ${stops}</p>
<p>What is live stays live. To take the permission back at ${platformLabel} as well, remove the app there.</p>
<div class="buttons">${postForm(c, `/connections/${id}/disconnect`, html`<button class="danger">Disconnect</button>`)} <a class="button" href="/connections/${id}">Keep it</a></div>`;
    return c.html(page(c, { title: `Disconnect ${name}`, room: '/connections', body }));
  });
  pages.post('/connections/:id/disconnect', allowed('accounts.connect'), async (c) => {
    await readForm(c);
    const { workspaceId, actor } = c.get('caller');
    const accountId = c.req.param('id');
    const end = await disconnectAccount(deps.ledger, { workspaceId, accountId, actor });
    if (end === 'unknown') throw nothingHere();
    const text =
      end === 'already'
        ? 'It was disconnected before; nothing was changed.'
        : 'It is disconnected, and its grant forgotten.';
    leaveNotice(c, deps, { kind: 'done', text });
    return c.redirect(`/connections/${accountId}`, 303);
  });
}
