// The accounts that exist on the stand-ins, and the tokens issued for them: valid, expired, revoked or used up.
import { z } from 'zod';
import { randomText } from './ids.ts';
import type { Journal } from './journal.ts';

/** The record of one account. */
export const accountSchema = z.object({
  id: z.string(),
  platform: z.string(),
  name: z.string(),
  username: z.string(),
  clientId: z.string(),
  /** Null for a public client, which names itself in the form instead of authenticating. */
  clientSecret: z.string().nullable(),
  createdAtMs: z.number(),
});

const tokenSchema = z.object({
  token: z.string(),
  accountId: z.string(),
  kind: z.enum(['access', 'refresh']),
  scopes: z.array(z.string()),
  issuedAtMs: z.number(),
  expiresAtMs: z.number(),
  state: z.enum(['valid', 'revoked', 'used']),
  /** The platform's own detail of a revocation (Meta: the error subcode); null when it gives none. */
  revokedDetail: z.string().nullable(),
  /** The registered app that it was given to; null: the account's own client. */
  clientId: z.string().nullable().default(null),
});

/** An account on one stand-in; `id` is the platform's own user id. */
export type Account = z.infer<typeof accountSchema>;

/** A token as the platform remembers it. */
export type Token = z.infer<typeof tokenSchema>;

/** What a new pair of tokens carries; `refreshExpiresAtMs` null means the platform issues no refresh token. */
export type Issue = {
  scopes: string[];
  prefix: string;
  issuedAtMs: number;
  accessExpiresAtMs: number;
  refreshExpiresAtMs: number | null;
  /** The registered app that asked; left out: the account's own client. */
  clientId?: string | null;
};

/** The store of accounts and tokens. */
export type Accounts = {
  add(account: Account): void;
  find(accountId: string): Account | undefined;
  all(): Account[];
  issue(accountId: string, issue: Issue): { access: Token; refresh: Token | undefined };
  token(token: string): Token | undefined;
  tokensOf(accountId: string): Token[];
  change(token: Token, change: Partial<Pick<Token, 'state' | 'scopes' | 'expiresAtMs' | 'revokedDetail'>>): Token;
};

/** Opens the store over the journal. */
export function openAccounts(journal: Journal): Accounts {
  const accounts = new Map<string, Account>();
  const tokens = new Map<string, Token>();
  const ofAccount = new Map<string, Set<string>>();

  const accountRoom = journal.room({
    name: 'accounts',
    schema: accountSchema,
    apply: (account) => accounts.set(account.id, account),
    clear: () => accounts.clear(),
  });
  const tokenRoom = journal.room({
    name: 'tokens',
    schema: tokenSchema,
    apply: (token) => {
      tokens.set(token.token, token);
      const known = ofAccount.get(token.accountId);
      if (known) known.add(token.token);
      else ofAccount.set(token.accountId, new Set([token.token]));
    },
    clear: () => {
      tokens.clear();
      ofAccount.clear();
    },
  });
  const put = (token: Token): Token => {
    tokenRoom.put(token);
    return token;
  };
  return {
    add: (account) => accountRoom.put(account),
    find: (accountId) => accounts.get(accountId),
    all: () => [...accounts.values()],
    issue: (accountId, { scopes, prefix, issuedAtMs, accessExpiresAtMs, refreshExpiresAtMs, clientId = null }) => {
      const shared = { accountId, scopes, issuedAtMs, clientId, state: 'valid', revokedDetail: null } as const;
      const access = put({ ...shared, kind: 'access', token: prefix + randomText(48), expiresAtMs: accessExpiresAtMs });
      if (refreshExpiresAtMs === null) return { access, refresh: undefined };
      const refresh = put({
        ...shared,
        kind: 'refresh',
        token: prefix + randomText(48),
        expiresAtMs: refreshExpiresAtMs,
      });
      return { access, refresh };
    },
    token: (token) => tokens.get(token),
    tokensOf: (accountId) => [...(ofAccount.get(accountId) ?? [])].flatMap((token) => tokens.get(token) ?? []),
    change: (token, change) => put({ ...token, ...change }),
  };
}
