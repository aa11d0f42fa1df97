// Doors that make accounts and register apps, give and take their tokens, and set how the platform treats them.
import { Hono } from 'hono';
import type { Account, Token } from '../accounts.ts';
import type { StandIn } from '../contract.ts';
import { randomText } from '../ids.ts';
import type { SandboxEnv } from '../request.ts';
import { newAccountSchema, newAppSchema, settingsChangeSchema, tokenChangeSchema } from './bodies.ts';
import { type DoorContext, DoorRefused } from './context.ts';

/** Registers the account doors. */
export function accountDoors(context: DoorContext): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.post('/accounts', async (c) => c.json(createAccount(context, await c.req.json()), 201));
  app.get('/accounts', (c) => c.json({ accounts: context.rooms.accounts.all() }));
  app.post('/apps', async (c) => {
    const registered = newAppSchema.parse(await c.req.json());
    standInOf(context, registered.platform);
    context.rooms.apps.register(registered);
    return c.json(registered, 201);
  });
  app.post('/accounts/:id/tokens', async (c) => c.json(changeTokens(context, c.req.param('id'), await c.req.json())));
  app.post('/settings', async (c) => {
    const { account, settings } = settingsChangeSchema.parse(await c.req.json());
    return c.json(changeSettings(context, accountOf(context, account), settings));
  });
  return app;
}

/** The stand-in of a platform, or a refusal that names the ones there are. */
export function standInOf(context: DoorContext, platform: string): StandIn {
  const standIn = context.standIns.get(platform);
  if (standIn) return standIn;
  throw new DoorRefused(
    400,
    `There is no platform "${platform}"; there are: ${[...context.standIns.keys()].join(', ')}.`,
  );
}

function accountOf(context: DoorContext, accountId: string): Account {
  const account = context.rooms.accounts.find(accountId);
  if (account) return account;
  throw new DoorRefused(404, `There is no account ${accountId}.`);
}

function changeSettings(context: DoorContext, account: Account, patch: unknown): object {
  const changed = context.open.get(account.platform)?.settings.change(account.id, patch) ?? { refused: 'No settings.' };
  if ('refused' in changed) throw new DoorRefused(400, changed.refused);
  return changed;
}

function createAccount(context: DoorContext, body: unknown) {
  const wanted = newAccountSchema.parse(body);
  const { account: form } = standInOf(context, wanted.platform);
  const { accounts, clock } = context.rooms;
  const nowMs = clock.now();
  const account: Account = {
    id: form.newId(nowMs),
    platform: wanted.platform,
    name: wanted.name,
    username: wanted.name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '_')
      .slice(0, 15),
    clientId: `client_${randomText(16)}`,
    clientSecret: wanted.confidentialClient ? randomText(40) : null,
    createdAtMs: nowMs,
  };
  accounts.add(account);
  changeSettings(context, account, wanted.settings);
  const issued = issue(context, account, wanted);
  if (wanted.tokenState === 'expired') accounts.change(issued.access, { expiresAtMs: nowMs - 1 });
  if (wanted.tokenState === 'revoked') revoke(context, account, 'all', wanted.revokedDetail);
  return card(context, account, issued);
}

function changeTokens(context: DoorContext, accountId: string, body: unknown) {
  const account = accountOf(context, accountId);
  const { accounts, clock } = context.rooms;
  const change = tokenChangeSchema.parse(body);
  switch (change.action) {
    case 'expire':
      for (const token of tokensOf(context, account, change.kind))
        accounts.change(token, { expiresAtMs: clock.now() - 1 });
      return { account: account.id };
    case 'revoke':
      revoke(context, account, change.kind, change.detail);
      return { account: account.id };
    case 'drop_scope':
      for (const token of tokensOf(context, account, 'all')) {
        accounts.change(token, { scopes: token.scopes.filter((scope) => scope !== change.scope) });
      }
      return { account: account.id };
    case 'issue':
      return card(context, account, issue(context, account, change));
  }
}

function tokensOf(context: DoorContext, account: Account, kind: 'access' | 'refresh' | 'all'): Token[] {
  return context.rooms.accounts.tokensOf(account.id).filter((token) => kind === 'all' || token.kind === kind);
}

function revoke(
  context: DoorContext,
  account: Account,
  kind: 'access' | 'refresh' | 'all',
  detail: string | undefined,
): void {
  for (const token of tokensOf(context, account, kind)) {
    context.rooms.accounts.change(token, { state: 'revoked', revokedDetail: detail ?? null });
  }
}

type Lifetimes = {
  scopes?: string[] | undefined;
  accessExpiresInMs?: number | undefined;
  refreshExpiresInMs?: number | undefined;
  tokenAgeMs: number;
};
type Issued = { access: Token; refresh: Token | undefined };

function issue(context: DoorContext, account: Account, wanted: Lifetimes): Issued {
  const { account: form } = standInOf(context, account.platform);
  const nowMs = context.rooms.clock.now();
  const issuedAtMs = nowMs - wanted.tokenAgeMs;
  const refreshLifetimeMs = wanted.refreshExpiresInMs ?? form.refreshLifetimeMs;
  return context.rooms.accounts.issue(account.id, {
    scopes: wanted.scopes ?? form.scopes,
    prefix: form.tokenPrefix,
    issuedAtMs,
    accessExpiresAtMs:
      wanted.accessExpiresInMs === undefined ? issuedAtMs + form.accessLifetimeMs : nowMs + wanted.accessExpiresInMs,
    refreshExpiresAtMs:
      form.refreshLifetimeMs === null || refreshLifetimeMs === null ? null : nowMs + refreshLifetimeMs,
  });
}

function card(context: DoorContext, account: Account, { access, refresh }: Issued) {
  const now = context.rooms.accounts.token(access.token) ?? access;
  return {
    id: account.id,
    platform: account.platform,
    name: account.name,
    username: account.username,
    userId: account.id,
    igUserId: account.id,
    clientId: account.clientId,
    clientSecret: account.clientSecret,
    scopes: now.scopes,
    accessToken: now.token,
    accessExpiresAtMs: now.expiresAtMs,
    refreshToken: refresh?.token ?? null,
    refreshExpiresAtMs: refresh?.expiresAtMs ?? null,
  };
}
