// People and the workspaces they belong to.
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { Role } from '../../domain/people/roles.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { workspaces } from '../schema/accounts.ts';
import { memberships, sessions, users } from '../schema/people.ts';

/** Somebody who belongs to a workspace. */
export interface Member {
  readonly userId: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly since: Date;
}

/** The people of a workspace, by name. */
export async function listMembers({ db }: Ledger, workspaceId: string): Promise<Member[]> {
  return db
    .select(MEMBER)
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.workspaceId, workspaceId))
    .orderBy(asc(users.name), asc(users.id));
}

/** One of them, or null. */
export async function findMember({ db }: Ledger, workspaceId: string, userId: string): Promise<Member | null> {
  const [row] = await db
    .select(MEMBER)
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.workspaceId, workspaceId), sql`${memberships.userId}::text = ${userId}`));
  return row ?? null;
}

const MEMBER = {
  userId: users.id,
  name: users.name,
  email: users.email,
  role: memberships.role,
  since: memberships.createdAt,
};

/** The workspaces a person may switch between, by name. */
export async function workspacesOf(
  { db }: Ledger,
  userId: string,
): Promise<{ id: string; name: string; role: Role }[]> {
  return db
    .select({ id: workspaces.id, name: workspaces.name, role: memberships.role })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(eq(memberships.userId, userId))
    .orderBy(asc(workspaces.name));
}

/** How a person stands in the audit trail and as an owner. */
export function personActor({ userId, name }: Pick<Member, 'userId' | 'name'>): Actor {
  return { type: 'USER', id: userId, label: name };
}

/** Makes somebody a member; the caller audits it. False: they were one already. */
export async function addMember(
  tx: Tx,
  member: { workspaceId: string; userId: string; role: Role; at: Date },
): Promise<boolean> {
  const { at, ...values } = member;
  const made = await tx
    .insert(memberships)
    .values({ ...values, createdAt: at })
    .onConflictDoNothing()
    .returning({ userId: memberships.userId });
  return made.length > 0;
}

/** What came of a change of somebody's place in a workspace. `last_admin`: nobody would be left who may change people. */
export type MemberChange = 'done' | 'unknown_member' | 'last_admin';

/** Gives somebody another role. */
export async function changeRole(
  ledger: Ledger,
  wanted: { readonly workspaceId: string; readonly userId: string; readonly role: Role; readonly actor: Actor },
): Promise<MemberChange> {
  const { workspaceId, role, actor } = wanted;
  return ledger.db.transaction(async (tx) => {
    const known = await lockMember(tx, wanted);
    if (!known) return 'unknown_member';
    if (known.role === role) return 'done';
    if (known.role === 'admin' && known.otherAdmins === 0) return 'last_admin';
    await tx.update(memberships).set({ role }).where(isMember(wanted));
    const payload = { userId: wanted.userId, name: known.name, before: known.role, role };
    const at = ledger.clock.now();
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.personRoleChanged, actor, payload, at }]);
    return 'done';
  });
}

/** Takes somebody out of a workspace; their sessions in it end with the same commit. */
export async function removeMember(
  ledger: Ledger,
  wanted: { readonly workspaceId: string; readonly userId: string; readonly actor: Actor },
): Promise<MemberChange> {
  const { workspaceId, actor } = wanted;
  return ledger.db.transaction(async (tx) => {
    const known = await lockMember(tx, wanted);
    if (!known) return 'unknown_member';
    if (known.role === 'admin' && known.otherAdmins === 0) return 'last_admin';
    await tx.delete(memberships).where(isMember(wanted));
    await tx
      .delete(sessions)
      .where(and(eq(sessions.workspaceId, workspaceId), sql`${sessions.userId}::text = ${wanted.userId}`));
    const payload = { userId: wanted.userId, name: known.name, role: known.role };
    const at = ledger.clock.now();
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.personRemoved, actor, payload, at }]);
    return 'done';
  });
}

function isMember({ workspaceId, userId }: { readonly workspaceId: string; readonly userId: string }) {
  return and(eq(memberships.workspaceId, workspaceId), sql`${memberships.userId}::text = ${userId}`);
}

/** Locks the workspace's memberships, so that two admins cannot remove each other. */
async function lockMember(tx: Tx, wanted: { readonly workspaceId: string; readonly userId: string }) {
  const rows = await tx
    .select({ userId: memberships.userId, role: memberships.role, name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.workspaceId, wanted.workspaceId))
    .orderBy(asc(memberships.userId))
    .for('update', { of: memberships });
  const known = rows.find(({ userId }) => userId === wanted.userId);
  const otherAdmins = rows.filter(({ userId, role }) => role === 'admin' && userId !== wanted.userId).length;
  return known && { ...known, otherAdmins };
}

const LOCAL_NAME = 'You, on this machine';

/** The person of a laptop, an admin of the workspace: the one without an email. Made when there is none. */
export async function ensureLocalPerson(ledger: Ledger, workspaceId: string): Promise<string> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('oncepost local person'))`);
    const [known] = await tx
      .select({ id: users.id })
      .from(users)
      .where(and(isNull(users.email), isNull(users.issuer)));
    const userId = known?.id ?? newId();
    if (!known) await tx.insert(users).values({ id: userId, name: LOCAL_NAME, createdAt: at });
    const member = { workspaceId, userId, role: 'admin', at } as const;
    if (await addMember(tx, member)) await appendAudit(tx, [machinesOwn(member)]);
    return userId;
  });
}

/** Nobody invited them: whoever may start programs on the machine is its admin. */
function machinesOwn({ workspaceId, userId, role, at }: Parameters<typeof addMember>[1]): AuditEvent {
  const payload = { userId, name: LOCAL_NAME, role, by: 'sign-in link' };
  return { workspaceId, traceId: newId(), type: OTHER_AUDIT.personJoined, actor: SYSTEM_ACTOR, payload, at };
}
