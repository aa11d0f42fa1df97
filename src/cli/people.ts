// `oncepost people`: who belongs to a workspace. With it the first admin of a workspace is invited.
import { Command } from 'commander';
import type { Context } from '../boot/context.ts';
import { emailSchema } from '../domain/people/email.ts';
import { invitationsView, peopleView } from '../domain/people/people-view.ts';
import { ROLES, type Role } from '../domain/people/roles.ts';
import { invite, listInvitations } from '../ledger/people/invitations.ts';
import { changeRole, listMembers, type Member, type MemberChange, removeMember } from '../ledger/people/users.ts';
import type { Env } from '../runtime/env.ts';
import { CLI_ACTOR } from './actor.ts';
import { CommandRefused } from './command-refused.ts';
import { withLocalContext } from './local-servers.ts';
import { serverUrl } from './server-url.ts';
import { workspaceNamed } from './with-context.ts';
import { workspaceToBe } from './workspace-to-be.ts';

interface Named {
  readonly workspace: string;
  readonly email: string;
}

export function peopleCommand(env: Env): Command {
  const people = new Command('people').description('list, invite, change and remove the people of a workspace');
  people
    .command('list')
    .description('list who belongs to a workspace, and who is invited')
    .requiredOption('--workspace <name>', 'the workspace')
    .option('--json', 'as JSON')
    .action((options: { workspace: string; json?: true }) =>
      withLocalContext(env, (context) => list(context, options)),
    );
  people
    .command('invite')
    .description('invite somebody by email; a workspace that does not exist yet is made')
    .requiredOption('--workspace <name>', 'the workspace')
    .requiredOption('--email <address>', 'the verified address they sign in with')
    .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
    .action((options: Named & { role: string }) => withLocalContext(env, (context) => inviteOne(context, options)));
  people
    .command('role')
    .description('give somebody another role')
    .requiredOption('--workspace <name>', 'the workspace')
    .requiredOption('--email <address>', 'who')
    .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
    .action((options: Named & { role: string }) => withLocalContext(env, (context) => changeOne(context, options)));
  people
    .command('remove')
    .description('take somebody out of a workspace; they are signed out of it at once')
    .requiredOption('--workspace <name>', 'the workspace')
    .requiredOption('--email <address>', 'who')
    .action((options: Named) => withLocalContext(env, (context) => removeOne(context, options)));
  return people;
}

async function list(context: Context, { workspace, json }: { workspace: string; json?: true }): Promise<void> {
  const { id } = await workspaceNamed(context, workspace);
  const [members, invited] = await Promise.all([listMembers(context.ledger, id), listInvitations(context.ledger, id)]);
  if (json) {
    console.log(JSON.stringify({ ...peopleView(members), ...invitationsView(invited) }, null, 2));
    return;
  }
  for (const { name, email, role } of members) console.log(`${role.padEnd(9)} ${email ?? '(by link)'}  ${name}`);
  for (const { email, role, expiresAt } of invited) {
    const until = expiresAt > context.ledger.clock.now() ? `until ${expiresAt.toISOString()}` : 'has run out';
    console.log(`${role.padEnd(9)} ${email}  (invited, ${until})`);
  }
}

async function inviteOne(context: Context, options: Named & { role: string }): Promise<void> {
  const email = readEmail(options.email);
  const role = readRole(options.role);
  const { env, ledger } = context;
  const workspace = await workspaceToBe(ledger, options.workspace, 'nobody was invited');
  const invited = await invite(ledger, { workspaceId: workspace.id, email, role, actor: CLI_ACTOR });
  if (invited.kind === 'member_already') {
    throw new CommandRefused(
      `${email} belongs to the workspace already, so nobody was invited; "oncepost people role" changes their role.`,
    );
  }
  const address = `${env.ONCEPOST_PUBLIC_URL ?? serverUrl(env)}/sign-in`;
  console.log(
    `Invited ${email} as ${role} until ${invited.invitation.expiresAt.toISOString()}; they sign in at ${address}`,
  );
}

async function changeOne(context: Context, options: Named & { role: string }): Promise<void> {
  const role = readRole(options.role);
  const { workspaceId, member } = await memberNamed(context, options);
  const change = await changeRole(context.ledger, { workspaceId, userId: member.userId, role, actor: CLI_ACTOR });
  assertDone(change, options);
  console.log(`${member.name} is ${role} now.`);
}

async function removeOne(context: Context, options: Named): Promise<void> {
  const { workspaceId, member } = await memberNamed(context, options);
  assertDone(await removeMember(context.ledger, { workspaceId, userId: member.userId, actor: CLI_ACTOR }), options);
  console.log(`${member.name} is removed and signed out.`);
}

async function memberNamed(context: Context, named: Named): Promise<{ workspaceId: string; member: Member }> {
  const email = readEmail(named.email);
  const { id: workspaceId } = await workspaceNamed(context, named.workspace);
  const member = (await listMembers(context.ledger, workspaceId)).find((one) => one.email === email);
  if (!member) throw noMember(named);
  return { workspaceId, member };
}

function noMember({ workspace, email }: Named): CommandRefused {
  return new CommandRefused(
    `Nobody with the address ${email} belongs to the workspace "${workspace}", so nothing was changed; "oncepost people list" shows who does.`,
  );
}

/** @throws CommandRefused */
function assertDone(change: MemberChange, named: Named): void {
  if (change === 'unknown_member') throw noMember(named);
  if (change === 'last_admin') {
    throw new CommandRefused(
      `Nobody would be left in "${named.workspace}" who may change people, so nothing was changed; make somebody else an admin first.`,
    );
  }
}

function readEmail(text: string): string {
  const email = emailSchema.safeParse(text);
  if (email.success) return email.data;
  throw new CommandRefused(`"${text}" is no email address, so nothing was changed; write one like ada@example.com.`);
}

function readRole(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role) return role;
  throw new CommandRefused(`There is no role "${text}", so nothing was changed; roles are ${ROLES.join(', ')}.`);
}
