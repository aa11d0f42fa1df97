// Who comes in by what a provider has proven: every combination of whom the ledger knows.
import { describe, expect, it } from 'vitest';
import { decideSignIn, type KnownPeople, type ProvenIdentity } from '../../src/domain/people/sign-in.ts';

const ADA = 'ada';
const BOB = 'bob';
const PROVEN: ProvenIdentity = {
  issuer: 'https://id.example',
  subject: '42',
  email: 'ada@example.com',
  emailVerified: true,
  name: 'Ada',
};
const KNOWN: readonly KnownPeople[] = [null, ADA].flatMap((bySubject) =>
  [null, ADA, BOB].flatMap((userId) =>
    (userId === null ? [null] : [true, false]).map((settled) => ({
      bySubject,
      byEmail: userId === null ? null : { userId, settled: settled === true },
    })),
  ),
);
const enters = (userId: string | null, binds: boolean, takesInvitations: boolean) =>
  ({ kind: 'person', userId, binds, takesInvitations }) as const;
const refused = (reason: string) => ({ kind: 'refused', reason });

describe('with a verified address', () => {
  it('an invitation binds somebody new, or whoever has the address and belongs nowhere; a subject says who somebody is', () => {
    expect(KNOWN.map((known) => decideSignIn(known, PROVEN))).toEqual([
      enters(null, true, true), // nobody known
      refused('bound_to_other'), // the address is settled
      enters(ADA, true, true), // the address is not settled
      refused('bound_to_other'),
      enters(BOB, true, true),
      enters(ADA, false, true), // known by subject, the address is nobody's
      enters(ADA, false, true), // their own address
      enters(ADA, false, true),
      enters(ADA, false, false), // the address is somebody else's by now
      enters(ADA, false, false),
    ]);
  });
});

describe.each([
  ['an address that is not verified', { ...PROVEN, emailVerified: false }],
  ['no address, whatever is said of it', { ...PROVEN, email: null }],
])('with %s', (_what, proven) => {
  it('only a known subject comes in, and takes no invitation', () => {
    expect(KNOWN.map((known) => decideSignIn(known, proven))).toEqual([
      ...Array.from({ length: 5 }, () => refused('unverified')),
      ...Array.from({ length: 5 }, () => enters(ADA, false, false)),
    ]);
  });
});
