// Signs in whoever a provider has proven: finds the person, takes the invitations that are theirs, opens a session.
import { and, asc, eq, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import {
  decideSignIn,
  type KnownPeople,
  type ProvenIdentity,
  type SignInDecision,
  type SignInRefusal,
} from '../../domain/people/sign-in.ts';
import { newId } from '../../runtime/ids.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { workspaces } from '../schema/accounts.ts';
import { memberships, users } from '../schema/people.ts';
import { type TakenInvitation, takeInvitations } from './invitations.ts';
import { type OpenSession, openSession, type SessionLimits } from './sessions.ts';
import { addMember, personActor } from './users.ts';

export type ProviderSignIn =
  | { readonly kind: 'signed_in'; readonly session: OpenSession }
  | { readonly kind: 'refused'; readonly reason: SignInRefusal };

/** `replaces`: the session that this browser had until now, which ends. */
export async function signInProven(
  ledger: Ledger,
  proven: ProvenIdentity,
  options: SessionLimits & { readonly replaces: string | undefined },
): Promise<ProviderSignIn> {
  return ledger.db.transaction(async (tx) => {
    const email = proven.emailVerified ? proven.email : null;
    // Two first sign-ins of one person at once make one person.
    if (email !== null) await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`oncepost sign-in ${email}`}))`);
    const decision = decideSignIn(await knownPeople(tx, proven, email), proven);
    if (decision.kind === 'refused') return decision;
    const at = ledger.clock.now();
    const taken = decision.takesInvitations && email !== null ? await takeInvitations(tx, email, at) : [];
    const workspaceId = taken[0]?.workspaceId ?? (await firstWorkspaceOf(tx, decision.userId));
    // Whoever belongs nowhere is not stored either.
    if (workspaceId === null) return { kind: 'refused', reason: 'stranger' };
    const person = await storePerson(tx, decision, { proven, email, at });
    const audited = await join(tx, person, { taken, email, at });
    const signedIn = { ...person, workspaceId, how: 'provider', replaces: options.replaces, audited } as const;
    return { kind: 'signed_in', session: await openSession(tx, ledger, signedIn, options) };
  });
}

async function knownPeople(tx: Tx, { issuer, subject }: ProvenIdentity, email: string | null): Promise<KnownPeople> {
  const [bySubject] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.issuer, issuer), eq(users.subject, subject)));
  const [byEmail] =
    email === null
      ? []
      : await tx
          .select({
            userId: users.id,
            settled: sql<boolean>`${users.issuer} is not null and exists (select from memberships where memberships.user_id = users.id)`,
          })
          .from(users)
          .where(eq(users.email, email));
  return { bySubject: bySubject?.id ?? null, byEmail: byEmail ?? null };
}

async function firstWorkspaceOf(tx: Tx, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const [first] = await tx
    .select({ id: workspaces.id })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(eq(memberships.userId, userId))
    .orderBy(asc(workspaces.name))
    .limit(1);
  return first?.id ?? null;
}

interface Person {
  readonly userId: string;
  readonly name: string;
}

async function storePerson(
  tx: Tx,
  { userId, binds }: Extract<SignInDecision, { kind: 'person' }>,
  { proven, email, at }: { readonly proven: ProvenIdentity; readonly email: string | null; readonly at: Date },
): Promise<Person> {
  const { issuer, subject, name } = proven;
  if (userId === null) {
    const id = newId();
    await tx.insert(users).values({ id, name, email, issuer, subject, createdAt: at });
    return { userId: id, name };
  }
  if (binds) await tx.update(users).set({ issuer, subject }).where(eq(users.id, userId));
  const [known] = await tx.select({ name: users.name }).from(users).where(eq(users.id, userId));
  return { userId, name: known?.name ?? name };
}

/** Answers the audit events of it, in the order of the workspaces, so that no two sign-ins wait for each other's trails. */
async function join(
  tx: Tx,
  person: Person,
  {
    taken,
    email,
    at,
  }: { readonly taken: readonly TakenInvitation[]; readonly email: string | null; readonly at: Date },
): Promise<AuditEvent[]> {
  for (const { workspaceId, role } of taken) await addMember(tx, { workspaceId, userId: person.userId, role, at });
  return taken.map(({ id, workspaceId, role }) => {
    const payload = { invitationId: id, userId: person.userId, email, role };
    return { workspaceId, traceId: newId(), type: OTHER_AUDIT.personJoined, actor: personActor(person), payload, at };
  });
}
