// People, invitations and API keys as API, client and command line show them; none of them holds a secret.
import { z } from 'zod';
import { API_SCOPES, type ApiScope } from '../api/api-scopes.ts';
import { instantSchema } from '../schedules/item.ts';
import type { Actor } from './actor.ts';
import { type Role, roleSchema } from './roles.ts';

const personSchema = z
  .object({
    userId: z.string(),
    name: z.string(),
    email: z.string().nullable().meta({ description: 'Null: the person of a laptop, who signs in by a link.' }),
    role: roleSchema,
    since: instantSchema,
  })
  .meta({ id: 'Person' });
export const peopleSchema = z.object({ people: z.array(personSchema) }).meta({ id: 'People' });
export type People = z.infer<typeof peopleSchema>;

/** People as they are shown. */
export function peopleView(
  members: readonly { userId: string; name: string; email: string | null; role: Role; since: Date }[],
): People {
  return { people: members.map(({ since, ...member }) => ({ ...member, since: since.toISOString() })) };
}

const invitationSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    role: roleSchema,
    invitedBy: z.string(),
    invitedAt: instantSchema,
    expiresAt: instantSchema.meta({ description: 'Past it the invitation has run out and binds nobody.' }),
  })
  .meta({ id: 'Invitation' });
export const invitationsSchema = z.object({ invitations: z.array(invitationSchema) }).meta({ id: 'Invitations' });
export type Invitations = z.infer<typeof invitationsSchema>;

/** Invitations as they are shown. */
export function invitationsView(
  open: readonly { id: string; email: string; role: Role; invitedBy: Actor; createdAt: Date; expiresAt: Date }[],
): Invitations {
  return {
    invitations: open.map(({ id, email, role, invitedBy, createdAt, expiresAt }) => {
      const times = { invitedAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
      return { id, email, role, invitedBy: invitedBy.label, ...times };
    }),
  };
}

const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'The first characters of the secret, by which people tell keys apart.' }),
    scopes: z.array(z.enum(API_SCOPES)),
    createdAt: instantSchema,
    lastUsedAt: instantSchema.nullable().meta({ description: 'To the minute; null: never.' }),
  })
  .meta({ id: 'ApiKey' });
export const apiKeysSchema = z.object({ keys: z.array(apiKeySchema) }).meta({ id: 'ApiKeys' });
export type ApiKeys = z.infer<typeof apiKeysSchema>;

/** Keys as they are shown. */
export function apiKeysView(
  keys: readonly {
    id: string;
    name: string;
    prefix: string;
    scopes: readonly ApiScope[];
    createdAt: Date;
    lastUsedAt: Date | null;
  }[],
): ApiKeys {
  return {
    keys: keys.map(({ id, name, prefix, scopes, createdAt, lastUsedAt }) => {
      const times = { createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
      return { id, name, prefix, scopes: [...scopes], ...times };
    }),
  };
}
