// `/you`: who one is, where one is signed in, and the way out of everywhere.
import { html } from 'hono/html';
import { ROLE_MEANS } from '../../domain/people/roles.ts';
import { countSessions, switchWorkspace } from '../../ledger/people/sessions.ts';
import { findMember } from '../../ledger/people/users.ts';
import type { OwnWorkspace, PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, postForm } from '../shell/parts.ts';

/** Registers the page. */
export function youPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/you', async (c) => c.html(await youPage(c, deps)));
  pages.post('/you/workspace', async (c) => {
    const { workspace = '' } = await readForm(c);
    const { userId } = c.get('caller');
    if (!(await switchWorkspace(deps.ledger, c.get('sessionId'), userId, workspace))) throw nothingHere();
    const name = c.get('workspaces').find(({ id }) => id === workspace)?.name ?? 'another workspace';
    leaveNotice(c, deps, { kind: 'done', text: `You look at ${name} now.` });
    // What one looked at belongs to the workspace before.
    return c.redirect('/', 303);
  });
}

async function youPage(c: PageContext, deps: PagesDeps): Promise<Html> {
  const { workspaceId, userId, actor } = c.get('caller');
  const member = await findMember(deps.ledger, workspaceId, userId);
  const sessions = await countSessions(deps.ledger, userId, deps.settings.sessions);
  const body = html`<h1>${actor.label}</h1>
<p class="fact">${member?.email ?? 'You sign in by a link that is printed on this machine.'}</p>
<h2>Workspaces</h2>
<ul class="rows">${c.get('workspaces').map((own) => workspaceRow(c, own))}</ul>
<h2>Sessions</h2>
<p>You are signed in with ${sessions === 1 ? 'this browser alone' : `${sessions} browsers, this one among them`}.</p>
${postForm(c, '/sign-out-everywhere', html`<button>Sign out everywhere</button>`)}`;
  return page(c, { title: 'You', body });
}

function workspaceRow(c: PageContext, { id, name, role }: OwnWorkspace): Html {
  const here = id === c.get('caller').workspaceId;
  const go = here
    ? html`<span class="fact">you look at it</span>`
    : postForm(c, '/you/workspace', html`<button class="quiet" name="workspace" value="${id}">Look at it</button>`);
  return html`<li class="line"><strong>${name}</strong> <span>${role}</span> <span class="fact">${ROLE_MEANS[role]}</span>${go}</li>`;
}
