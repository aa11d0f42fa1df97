// Who comes in through an OpenID Connect provider (recovery surface, R1): an invitation binds the first sign-in with its
// verified email; from then on issuer and subject say who somebody is.

/** What the provider has proven about whoever signs in. */
export interface ProvenIdentity {
  readonly issuer: string;
  /** The provider's own id of the person, which never changes. */
  readonly subject: string;
  /** In lower case; null where the provider told none. */
  readonly email: string | null;
  /** The provider says that the address is this person's. */
  readonly emailVerified: boolean;
  /** What the provider calls the person, else the address or the subject. */
  readonly name: string;
}

/** Whom the ledger knows by what was proven. */
export interface KnownPeople {
  /** The person of this issuer and subject. */
  readonly bySubject: string | null;
  /** Whoever has the verified email; `settled`: bound to a subject, and a member of some workspace. */
  readonly byEmail: { readonly userId: string; readonly settled: boolean } | null;
}

/**
 * Why nobody is signed in. `unverified`: the email is nobody's proven address. `bound_to_other`: it belongs to a person
 * who signs in as another subject. `stranger`: nobody has invited it, or the person was removed.
 */
export type SignInRefusal = 'unverified' | 'bound_to_other' | 'stranger';

export type SignInDecision =
  | { readonly kind: 'refused'; readonly reason: SignInRefusal }
  /** `userId` null: somebody new, who needs an invitation. `binds`: issuer and subject are stored. */
  | {
      readonly kind: 'person';
      readonly userId: string | null;
      readonly binds: boolean;
      readonly takesInvitations: boolean;
    };

/** Decides who somebody is; whether they belong to a workspace is asked next. */
export function decideSignIn({ bySubject, byEmail }: KnownPeople, proven: ProvenIdentity): SignInDecision {
  const verified = proven.emailVerified && proven.email !== null;
  if (bySubject !== null) {
    // An address that has become another person's brings nothing that was meant for them.
    const ownEmail = verified && (byEmail === null || byEmail.userId === bySubject);
    return { kind: 'person', userId: bySubject, binds: false, takesInvitations: ownEmail };
  }
  if (!verified) return { kind: 'refused', reason: 'unverified' };
  if (byEmail?.settled) return { kind: 'refused', reason: 'bound_to_other' };
  return { kind: 'person', userId: byEmail?.userId ?? null, binds: true, takesInvitations: true };
}
