// What the buttons of /people do: invite, revoke, give another role, remove.
import { emailSchema } from '../../domain/people/email.ts';
import { roleSchema } from '../../domain/people/roles.ts';
import { invite, revokeInvitation } from '../../ledger/people/invitations.ts';
import { changeRole, findMember, type MemberChange, removeMember } from '../../ledger/people/users.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';

/** Registers them. */
export function peopleActions(pages: Pages, deps: PagesDeps): void {
  pages.post('/people/invitations', allowed('people.change'), (c) => inviteOne(c, deps));
  pages.post('/people/invitations/:id/revoke', allowed('people.change'), (c) => revokeOne(c, deps));
  pages.post('/people/:id/role', allowed('people.change'), (c) => changeOne(c, deps));
  pages.post('/people/:id/remove', allowed('people.change'), (c) => removeOne(c, deps));
}

async function inviteOne(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const email = emailSchema.safeParse(form.email);
  const role = roleSchema.safeParse(form.role);
  if (!email.success || !role.success) {
    return back(
      c,
      deps,
      refused('That is no email address with a role, so nobody was invited; correct it and send it again.'),
    );
  }
  const { workspaceId, workspaceName, actor } = c.get('caller');
  const invited = await invite(deps.ledger, { workspaceId, email: email.data, role: role.data, actor });
  if (invited.kind === 'member_already') {
    return back(
      c,
      deps,
      refused(`${email.data} belongs to ${workspaceName} already, so nobody was invited; change their role instead.`),
    );
  }
  const address = `${deps.publicUrl ?? new URL(c.req.url).origin}/sign-in`;
  const before = invited.replaced ? ' The invitation before it does not hold any more.' : '';
  return back(
    c,
    deps,
    done(`${email.data} is invited as ${role.data}. Tell them to sign in at ${address} within seven days.${before}`),
  );
}

async function revokeOne(c: PageContext, deps: PagesDeps): Promise<Response> {
  await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const revoked = await revokeInvitation(deps.ledger, { workspaceId, id: c.req.param('id') ?? '', actor });
  if (!revoked) throw nothingHere();
  return back(c, deps, done('The invitation is revoked: it binds nobody any more.'));
}

async function changeOne(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const role = roleSchema.safeParse(form.role);
  const { workspaceId, actor } = c.get('caller');
  const userId = c.req.param('id') ?? '';
  const member = await findMember(deps.ledger, workspaceId, userId);
  if (!member) throw nothingHere();
  if (!role.success) return back(c, deps, refused(`There is no such role, so ${member.name} keeps the one they have.`));
  const change = await changeRole(deps.ledger, { workspaceId, userId, role: role.data, actor });
  return back(c, deps, noticeOf(change, `${member.name} is ${role.data} now.`));
}

async function removeOne(c: PageContext, deps: PagesDeps): Promise<Response> {
  await readForm(c);
  const { workspaceId, workspaceName, actor } = c.get('caller');
  const userId = c.req.param('id') ?? '';
  const member = await findMember(deps.ledger, workspaceId, userId);
  if (!member) throw nothingHere();
  const change = await removeMember(deps.ledger, { workspaceId, userId, actor });
  return back(
    c,
    deps,
    noticeOf(change, `${member.name} does not belong to ${workspaceName} any more and is signed out of it.`),
  );
}

function noticeOf(change: MemberChange, success: string): Notice {
  if (change === 'unknown_member') throw nothingHere();
  if (change === 'done') return done(success);
  return refused(
    'Nobody would be left who may change people, so nothing was changed; make somebody else an admin first.',
  );
}

const done = (text: string): Notice => ({ kind: 'done', text });
const refused = (text: string): Notice => ({ kind: 'refused', text });

function back(c: PageContext, deps: PagesDeps, notice: Notice): Response {
  leaveNotice(c, deps, notice);
  return c.redirect('/people', 303);
}
