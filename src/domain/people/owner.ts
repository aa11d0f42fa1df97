// Who owns a broken publish (DESIGN section 6): the first that matches, never invented.

export interface OwnerFacts {
  /** True when the item waits for a person to publish by hand. */
  readonly handoffItem: boolean;
  readonly handoffOwner: OneActor | null;
  /** Someone claimed the recovery. */
  readonly recoveryOwner: OneActor | null;
  /** The actor of the last change, whatever kind it was. */
  readonly lastActor: OneActor | null;
  /** The last actor's user record still exists. */
  readonly lastActorExists: boolean;
  readonly creator: OneActor | null;
}

export const ACTOR_TYPES = ['USER', 'API_KEY', 'SELF_DECLARED', 'SYSTEM'] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];

interface OneActor {
  readonly type: ActorType;
  readonly id: string;
  readonly label: string;
}

export const OWNER_ROLES = [
  'handoff_owner',
  'recovery_owner',
  'last_actor',
  'creator',
  'system',
  'unassigned',
] as const;
export type OwnerRole = (typeof OWNER_ROLES)[number];

export interface Owner {
  readonly role: OwnerRole;
  /** A person's or program's label; null for `system` and `unassigned`. */
  readonly label: string | null;
  readonly id: string | null;
  /** How far it is proven who that is. */
  readonly type: ActorType | null;
}

/** The owner of an item, first match of DESIGN section 6. A creator of type SYSTEM makes the item `system`. */
export function owner(facts: OwnerFacts): Owner {
  if (facts.handoffItem && facts.handoffOwner) return owned('handoff_owner', facts.handoffOwner);
  if (facts.recoveryOwner) return owned('recovery_owner', facts.recoveryOwner);
  if (facts.lastActor?.type === 'USER' && facts.lastActorExists) return owned('last_actor', facts.lastActor);
  if (facts.creator && facts.creator.type !== 'SYSTEM') return owned('creator', facts.creator);
  if (facts.creator) return { role: 'system', ...NOBODY };
  return { role: 'unassigned', ...NOBODY };
}

const NOBODY = { label: null, id: null, type: null } as const;

function owned(role: OwnerRole, { type, id, label }: OneActor): Owner {
  return { role, label, id, type };
}
