// `/people`: who belongs to the workspace, who is invited, and what becomes of either.

import { html, raw } from 'hono/html';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import { ROLE_MEANS, ROLES, type Role } from '../../domain/people/roles.ts';
import { type Invitation, listInvitations } from '../../ledger/people/invitations.ts';
import { listMembers, type Member } from '../../ledger/people/users.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { disabledButton, type Html, NOTHING, postForm, time } from '../shell/parts.ts';

/** Registers the page. */
export function peoplePage(pages: Pages, deps: PagesDeps): void {
  pages.get('/people', allowed('people.read'), async (c) => {
    const { workspaceId, workspaceName } = c.get('caller');
    const [members, invited] = await Promise.all([
      listMembers(deps.ledger, workspaceId),
      listInvitations(deps.ledger, workspaceId),
    ]);
    const admins = members.filter(({ role }) => role === 'admin').length;
    const body = html`<h1>People of ${workspaceName}</h1>
<table class="list"><thead><tr><th>Name</th><th>Email</th><th>Role</th><th>Since</th><th><span class="unseen">Removal</span></th></tr></thead>
<tbody>${members.map((member) => memberRow(c, member, member.role === 'admin' && admins === 1))}</tbody></table>
<h2>Invitations</h2>
${invitationList(c, invited)}
<h2>Invite somebody</h2>
${inviteForm(c, deps)}
<h2>What roles may do</h2>
<dl class="facts">${ROLES.map((role) => html`<dt>${role}</dt><dd>${ROLE_MEANS[role]}</dd>`)}</dl>`;
    return c.html(page(c, { title: 'People', room: '/people', body }));
  });
}

const LAST_ADMIN = 'The last admin stays one: make somebody else an admin first.';

function memberRow(c: PageContext, member: Member, isLastAdmin: boolean): Html {
  const you = member.userId === c.get('caller').userId ? html` <span class="fact">you</span>` : NOTHING;
  const why = `why-${member.userId}`;
  const removal = isLastAdmin ? disabledButton('Remove', LAST_ADMIN, why) : removeForm(c, member);
  return html`<tr><td>${member.name}${you}</td>
<td data-label="Email">${member.email ?? html`<span class="none">signs in by a link</span>`}</td>
<td data-label="Role">${isLastAdmin ? member.role : roleForm(c, member)}</td>
<td data-label="Since">${time(c, member.since)}</td><td class="act">${removal}</td></tr>`;
}

function roleForm(c: PageContext, { userId, name, role }: Member): Html {
  return postForm(
    c,
    `/people/${userId}/role`,
    html`${roleSelect(role, `Role of ${name}`)}<button class="quiet">Change</button>`,
    html`class="inline"`,
  );
}

function roleSelect(chosen: Role, label: string): Html {
  const options = ROLES.map((role) => html`<option ${role === chosen ? raw('selected') : NOTHING}>${role}</option>`);
  return html`<select name="role" aria-label="${label}">${options}</select>`;
}

/** Asked twice, without a script. */
function removeForm(c: PageContext, { userId, name }: Member): Html {
  const sure = html`<button class="danger">Remove ${name}</button>`;
  return html`<details class="sure"><summary>Remove</summary>
<p>${name} is signed out of ${c.get('caller').workspaceName} at once. What they did stays in the activity.</p>
${postForm(c, `/people/${userId}/remove`, sure)}</details>`;
}

function invitationList(c: PageContext, invited: readonly Invitation[]): Html {
  if (invited.length === 0) return html`<p class="empty">Nobody is invited.</p>`;
  return html`<table class="list"><thead><tr><th>Email</th><th>Role</th><th>By</th><th>Until</th><th><span class="unseen">Revocation</span></th></tr></thead>
<tbody>${invited.map((one) => invitationRow(c, one))}</tbody></table>`;
}

function invitationRow(c: PageContext, { id, email, role, invitedBy, expiresAt }: Invitation): Html {
  const over = expiresAt <= c.get('arrivedAt') ? html` <span class="fact">has run out; invite again</span>` : NOTHING;
  const revoke = postForm(c, `/people/invitations/${id}/revoke`, html`<button class="quiet">Revoke</button>`);
  return html`<tr><td>${email}</td><td data-label="Role">${role}</td><td data-label="By">${actorName(invitedBy)}</td>
<td data-label="Until">${time(c, expiresAt)}${over}</td><td class="act">${revoke}</td></tr>`;
}

const NO_PROVIDER =
  'Invitations bind a sign-in with a provider, and none is set up here: set ONCEPOST_OIDC_ISSUER and what belongs to it.';

function inviteForm(c: PageContext, { provider }: PagesDeps): Html {
  if (!may(c.get('caller'), 'people.change'))
    return disabledButton('Invite', 'Inviting needs the role admin.', 'why-invite');
  if (provider === null) return disabledButton('Invite', NO_PROVIDER, 'why-invite');
  return postForm(
    c,
    '/people/invitations',
    html`<label>Email <input type="email" name="email" required autocomplete="off" maxlength="254"></label>
<label>Role ${roleSelect('operator', 'Role')}</label><button class="main">Invite</button>
<p class="fact">It holds for seven days, for a sign-in with ${provider.host} under this very address. No mail is sent: tell them yourself.</p>`,
    html`class="fields"`,
  );
}
