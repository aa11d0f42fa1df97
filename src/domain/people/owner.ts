// Who owns a broken publish (DESIGN section 6): the first that matches, never invented.

export interface Person {
  readonly id: string;
  readonly label: string;
}

export interface OwnerFacts {
  /** True when the item waits for a person to publish by hand. */
  readonly handoffItem: boolean;
  readonly handoffOwner: Person | null;
  /** Someone claimed the recovery. */
  readonly recoveryOwner: Person | null;
  /** The actor of the last change, whatever kind it was. */
  readonly lastActor: { readonly type: ActorType; readonly id: string; readonly label: string } | null;
  /** The last actor's user record still exists. */
  readonly lastActorExists: boolean;
  readonly creator: { readonly type: ActorType; readonly id: string; readonly label: string } | null;
}

export const ACTOR_TYPES = ['USER', 'API_KEY', 'SELF_DECLARED', 'SYSTEM'] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];

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
}

/** The owner of an item, first match of DESIGN section 6. A creator of type SYSTEM makes the item `system`. */
export function owner(facts: OwnerFacts): Owner {
  if (facts.handoffItem && facts.handoffOwner) return owned('handoff_owner', facts.handoffOwner);
  if (facts.recoveryOwner) return owned('recovery_owner', facts.recoveryOwner);
  if (facts.lastActor?.type === 'USER' && facts.lastActorExists) return owned('last_actor', facts.lastActor);
  if (facts.creator && facts.creator.type !== 'SYSTEM') return owned('creator', facts.creator);
  if (facts.creator) return { role: 'system', label: null, id: null };
  return { role: 'unassigned', label: null, id: null };
}

function owned(role: OwnerRole, person: Person): Owner {
  return { role, label: person.label, id: person.id };
}
