// Who did something, as far as it is known.
import { z } from 'zod';
import { ACTOR_TYPES, type ActorType } from './owner.ts';

/** A person, a machine's key, someone who merely says who they are, or Oncepost itself. */
export const actorSchema = z.strictObject({ type: z.enum(ACTOR_TYPES), id: z.string(), label: z.string() });
export type Actor = z.infer<typeof actorSchema>;

export const SYSTEM_ACTOR: Actor = { type: 'SYSTEM', id: 'oncepost', label: 'system' };

const PROVEN_WORDS: Record<ActorType, string> = {
  USER: '',
  API_KEY: ' (API key)',
  SELF_DECLARED: ' (by their own word)',
  SYSTEM: '',
};

/** Who it was, and whether that is proven: the same words wherever somebody is named. */
export function actorName({ type, label }: { readonly type: ActorType | null; readonly label: string }): string {
  return type === null ? label : `${label}${PROVEN_WORDS[type]}`;
}

/** An actor whose name arrived without proof, for example through the Temporal UI. */
export function selfDeclared(name: string | undefined): Actor {
  const label = name?.trim() || 'someone in the Temporal UI';
  return { type: 'SELF_DECLARED', id: label, label };
}
