// Invitations: an email and a role, good for one sign-in within seven days.
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Role } from '../../domain/people/roles.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { invitations, memberships, users } from '../schema/people.ts';

const INVITATION_MS = 7 * 24 * 3_600_000;

/** One that was neither taken nor revoked; past `expiresAt` it binds nobody. */
export interface Invitation {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: Actor;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface NewInvitation {
  readonly workspaceId: string;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
  readonly actor: Actor;
}

/** `replaced`: one to the same address stood before, and does not any more. */
export type Invited =
  | { readonly kind: 'invited'; readonly invitation: Invitation; readonly replaced: boolean }
  | { readonly kind: 'member_already' };

/** Nobody has two invitations to one workspace: a later one takes the place of the one before. */
const OPEN = sql`accepted_at is null and revoked_at is null`;

/** Invites somebody into a workspace. */
export async function invite(ledger: Ledger, wanted: NewInvitation): Promise<Invited> {
  const { workspaceId, email, role, actor } = wanted;
  return ledger.db.transaction(async (tx) => {
    if (await isMember(tx, workspaceId, email)) return { kind: 'member_already' };
    const at = ledger.clock.now();
    const invitation = {
      id: newId(),
      email,
      role,
      invitedBy: actor,
      createdAt: at,
      expiresAt: new Date(at.getTime() + INVITATION_MS),
    };
    const [stored] = await tx
      .insert(invitations)
      .values({ ...invitation, workspaceId })
      .onConflictDoUpdate({ target: [invitations.workspaceId, invitations.email], targetWhere: OPEN, set: invitation })
      .returning({ replaced: sql<boolean>`xmax <> 0` });
    const payload = { invitationId: invitation.id, email, role };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.personInvited, actor, payload, at }]);
    return { kind: 'invited', invitation, replaced: stored?.replaced === true };
  });
}

async function isMember(tx: Tx, workspaceId: string, email: string): Promise<boolean> {
  const rows = await tx
    .select({ id: users.id })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.workspaceId, workspaceId), eq(users.email, email)));
  return rows.length > 0;
}

/** A workspace's invitations, oldest first, those that have run out too. */
export async function listInvitations({ db }: Ledger, workspaceId: string): Promise<Invitation[]> {
  return db
    .select(INVITATION)
    .from(invitations)
    .where(and(eq(invitations.workspaceId, workspaceId), OPEN))
    .orderBy(asc(invitations.createdAt), asc(invitations.id));
}

const INVITATION = {
  id: invitations.id,
  email: invitations.email,
  role: invitations.role,
  invitedBy: invitations.invitedBy,
  createdAt: invitations.createdAt,
  expiresAt: invitations.expiresAt,
};

/** Takes one back; false when the workspace has no such invitation, or not any more. */
export async function revokeInvitation(
  ledger: Ledger,
  { workspaceId, id, actor }: { readonly workspaceId: string; readonly id: string; readonly actor: Actor },
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const [revoked] = await tx
      .update(invitations)
      .set({ revokedAt: at })
      .where(and(sql`${invitations.id}::text = ${id}`, eq(invitations.workspaceId, workspaceId), OPEN))
      .returning({ email: invitations.email, role: invitations.role });
    if (!revoked) return false;
    const payload = { invitationId: id, ...revoked };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.invitationRevoked, actor, payload, at }]);
    return true;
  });
}

/** An invitation that was taken: who took it belongs to the workspace now. */
export interface TakenInvitation {
  readonly id: string;
  readonly workspaceId: string;
  readonly role: Role;
}

/** Takes every invitation of an address that holds, by workspace. Of two at once, one gets them; the caller audits it. */
export async function takeInvitations(tx: Tx, email: string, at: Date): Promise<TakenInvitation[]> {
  const taken = await tx
    .update(invitations)
    .set({ acceptedAt: at })
    .where(
      and(
        eq(invitations.email, email),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, at),
      ),
    )
    .returning({ id: invitations.id, workspaceId: invitations.workspaceId, role: invitations.role });
  return taken.toSorted((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
}
