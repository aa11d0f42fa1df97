// The owner of an item (DESIGN section 6) over every combination of its six facts, by rows that overlap nowhere.
import { expect, test } from 'vitest';
import { ACTOR_TYPES, type ActorType, OWNER_ROLES, type OwnerFacts, owner } from '../../src/domain/people/owner.ts';

type Creator = ActorType | 'nobody';

/** What one row demands; `any` where the fact does not matter. */
interface Row {
  readonly handoffItem: boolean | 'any';
  readonly handoffOwner: boolean | 'any';
  readonly claimed: boolean | 'any';
  readonly lastActor: readonly Creator[];
  readonly lastExists: boolean | 'any';
  readonly creator: readonly Creator[];
  readonly owner: readonly [role: string, label: string | null, id: string | null];
}

const ANYONE: readonly Creator[] = ['USER', 'API_KEY', 'SELF_DECLARED', 'SYSTEM', 'nobody'];
const NOT_A_USER: readonly Creator[] = ['API_KEY', 'SELF_DECLARED', 'SYSTEM', 'nobody'];
const KNOWN_CREATOR: readonly Creator[] = ['USER', 'API_KEY', 'SELF_DECLARED'];

const HANDOFF = ['handoff_owner', 'Hana', 'u-hana'] as const;
const CLAIMED = ['recovery_owner', 'Ravi', 'u-ravi'] as const;
const LAST = ['last_actor', 'Lara', 'u-lara'] as const;
const CREATOR = ['creator', 'Carl', 'u-carl'] as const;
const SYSTEM = ['system', null, null] as const;
const NOBODY = ['unassigned', null, null] as const;

const yes = true;
const no = false;

/** Nobody to hand it to, in the three ways that can be. */
const UNHANDED = [
  { handoffItem: yes, handoffOwner: no },
  { handoffItem: no, handoffOwner: yes },
  { handoffItem: no, handoffOwner: no },
] as const;

const TABLE: readonly Row[] = [
  {
    handoffItem: yes,
    handoffOwner: yes,
    claimed: 'any',
    lastActor: ANYONE,
    lastExists: 'any',
    creator: ANYONE,
    owner: HANDOFF,
  },
  ...UNHANDED.flatMap((unhanded): Row[] => [
    { ...unhanded, claimed: yes, lastActor: ANYONE, lastExists: 'any', creator: ANYONE, owner: CLAIMED },
    { ...unhanded, claimed: no, lastActor: ['USER'], lastExists: yes, creator: ANYONE, owner: LAST },
    { ...unhanded, claimed: no, lastActor: ['USER'], lastExists: no, creator: KNOWN_CREATOR, owner: CREATOR },
    { ...unhanded, claimed: no, lastActor: ['USER'], lastExists: no, creator: ['SYSTEM'], owner: SYSTEM },
    { ...unhanded, claimed: no, lastActor: ['USER'], lastExists: no, creator: ['nobody'], owner: NOBODY },
    { ...unhanded, claimed: no, lastActor: NOT_A_USER, lastExists: 'any', creator: KNOWN_CREATOR, owner: CREATOR },
    { ...unhanded, claimed: no, lastActor: NOT_A_USER, lastExists: 'any', creator: ['SYSTEM'], owner: SYSTEM },
    { ...unhanded, claimed: no, lastActor: NOT_A_USER, lastExists: 'any', creator: ['nobody'], owner: NOBODY },
  ]),
];

interface Combination {
  readonly handoffItem: boolean;
  readonly handoffOwner: boolean;
  readonly claimed: boolean;
  readonly lastActor: Creator;
  readonly lastExists: boolean;
  readonly creator: Creator;
}

function combinations(): Combination[] {
  const either = [yes, no];
  return either.flatMap((handoffItem) =>
    either.flatMap((handoffOwner) =>
      either.flatMap((claimed) =>
        either.flatMap((lastExists) =>
          ANYONE.flatMap((lastActor) =>
            ANYONE.map((creator) => ({ handoffItem, handoffOwner, claimed, lastActor, lastExists, creator })),
          ),
        ),
      ),
    ),
  );
}

function matches(row: Row, facts: Combination): boolean {
  const same = (wanted: boolean | 'any', given: boolean) => wanted === 'any' || wanted === given;
  return (
    same(row.handoffItem, facts.handoffItem) &&
    same(row.handoffOwner, facts.handoffOwner) &&
    same(row.claimed, facts.claimed) &&
    row.lastActor.includes(facts.lastActor) &&
    same(row.lastExists, facts.lastExists) &&
    row.creator.includes(facts.creator)
  );
}

function factsOf({ handoffItem, handoffOwner, claimed, lastActor, lastExists, creator }: Combination): OwnerFacts {
  return {
    handoffItem,
    handoffOwner: handoffOwner ? { type: 'SELF_DECLARED', id: 'u-hana', label: 'Hana' } : null,
    recoveryOwner: claimed ? { type: 'USER', id: 'u-ravi', label: 'Ravi' } : null,
    lastActor: lastActor === 'nobody' ? null : { type: lastActor, id: 'u-lara', label: 'Lara' },
    lastActorExists: lastExists,
    creator: creator === 'nobody' ? null : { type: creator, id: 'u-carl', label: 'Carl' },
  };
}

test('every combination meets exactly one row, and the owner is the one it names', () => {
  const all = combinations();
  expect(all).toHaveLength(400);
  for (const combination of all) {
    const rows = TABLE.filter((row) => matches(row, combination));
    expect(rows, JSON.stringify(combination)).toHaveLength(1);
    const [role, label, id] = rows[0]?.owner ?? [];
    expect(owner(factsOf(combination)), JSON.stringify(combination)).toEqual({
      role,
      label,
      id,
      type: typeOf(role, combination),
    });
  }
});

/** An owner is told with how far it is proven who that is. */
function typeOf(role: string | undefined, { lastActor, creator }: Combination) {
  const types = { handoff_owner: 'SELF_DECLARED', recovery_owner: 'USER', last_actor: lastActor, creator };
  return Object.entries(types).find(([known]) => known === role)?.[1] ?? null;
}

test('the vocabulary is the one of the design', () => {
  expect(ACTOR_TYPES).toEqual(['USER', 'API_KEY', 'SELF_DECLARED', 'SYSTEM']);
  expect(OWNER_ROLES).toEqual(['handoff_owner', 'recovery_owner', 'last_actor', 'creator', 'system', 'unassigned']);
});
