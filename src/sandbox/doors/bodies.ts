// The shapes the control doors take and give; the control client is typed by the same schemas.
import { z } from 'zod';
import { faultSchema } from '../faults/kinds.ts';

const ms = z.number().int().nonnegative();

/** A new account. Lifetimes count from now; what is left out is as the platform does it. */
export const newAccountSchema = z.strictObject({
  platform: z.string(),
  name: z.string().min(1),
  scopes: z.array(z.string()).optional(),
  tokenState: z.enum(['valid', 'expired', 'revoked']).default('valid'),
  /** Why a revoked token is (Instagram: the error subcode, such as 460). */
  revokedDetail: z.string().optional(),
  accessExpiresInMs: ms.optional(),
  refreshExpiresInMs: ms.optional(),
  /** How long ago the tokens were issued (Instagram refreshes none younger than a day). */
  tokenAgeMs: ms.default(0),
  /** True: the client has a secret and authenticates with it. */
  confidentialClient: z.boolean().default(false),
  settings: z.record(z.string(), z.unknown()).default({}),
});

/** An app to register with a platform, in the place of one with the same id. */
export const newAppSchema = z.strictObject({
  platform: z.string(),
  clientId: z.string().min(1),
  /** Null: a public client. */
  clientSecret: z.string().min(1).nullable(),
  redirectUris: z.array(z.url()).min(1),
});

/** What an account answers to: ids, tokens, client. Times in epoch milliseconds. */
export const accountCardSchema = z.object({
  id: z.string(),
  platform: z.string(),
  name: z.string(),
  username: z.string(),
  userId: z.string(),
  /** The same id again under the name Instagram gives it. */
  igUserId: z.string(),
  clientId: z.string(),
  clientSecret: z.string().nullable(),
  scopes: z.array(z.string()),
  accessToken: z.string(),
  accessExpiresAtMs: z.number(),
  refreshToken: z.string().nullable(),
  refreshExpiresAtMs: z.number().nullable(),
});

/** What can be done to an account's tokens; `issue` makes a new grant, as reconnecting does. */
export const tokenChangeSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('expire'), kind: z.enum(['access', 'refresh', 'all']).default('access') }),
  z.strictObject({
    action: z.literal('revoke'),
    kind: z.enum(['access', 'refresh', 'all']).default('all'),
    detail: z.string().optional(),
  }),
  z.strictObject({ action: z.literal('drop_scope'), scope: z.string() }),
  z.strictObject({
    action: z.literal('issue'),
    scopes: z.array(z.string()).optional(),
    accessExpiresInMs: ms.optional(),
    refreshExpiresInMs: ms.optional(),
    tokenAgeMs: ms.default(0),
  }),
]);

/** A fault to schedule: without `account` for any, `times` null for every matching call. */
export const newFaultSchema = z.strictObject({
  platform: z.string(),
  account: z.string().optional(),
  call: z.string(),
  fault: faultSchema,
  times: z.number().int().positive().nullable().default(1),
  skip: z.number().int().nonnegative().default(0),
});

/** New values for some of an account's settings. */
export const settingsChangeSchema = z.strictObject({
  account: z.string(),
  settings: z.record(z.string(), z.unknown()),
});
