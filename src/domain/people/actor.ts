// Who did something, as far as it is known.
import { z } from 'zod';
import { ACTOR_TYPES } from './owner.ts';

/** A person, a machine's key, someone who merely says who they are, or Oncepost itself. */
export const actorSchema = z.strictObject({ type: z.enum(ACTOR_TYPES), id: z.string(), label: z.string() });
export type Actor = z.infer<typeof actorSchema>;

export const SYSTEM_ACTOR: Actor = { type: 'SYSTEM', id: 'oncepost', label: 'system' };

/** An actor whose name arrived without proof, for example through the Temporal UI. */
export function selfDeclared(name: string | undefined): Actor {
  const label = name?.trim() || 'someone in the Temporal UI';
  return { type: 'SELF_DECLARED', id: label, label };
}
