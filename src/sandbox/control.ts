// The client of the control doors: what tests and the practice night use to set the stage and to ask the judge.
import { z } from 'zod';
import { type Account, accountSchema } from './accounts.ts';
import { type CallFilter, callSchema, type ReceivedCall } from './calls.ts';
import {
  accountCardSchema,
  type newAccountSchema,
  type newAppSchema,
  type newFaultSchema,
  type tokenChangeSchema,
} from './doors/bodies.ts';
import { type ScheduledFault, scheduledSchema } from './faults/book.ts';
import { type Post, postSchema } from './posts.ts';

/** An account to make; what is left out is as the platform does it. */
export type NewAccount = z.input<typeof newAccountSchema>;

/** An app to register. */
export type NewApp = z.input<typeof newAppSchema>;

/** What an account answers to: ids, tokens, client. */
export type AccountCard = z.infer<typeof accountCardSchema>;

/** A fault to schedule. */
export type NewFault = z.input<typeof newFaultSchema>;

/** A change to an account's tokens. */
export type TokenChange = z.input<typeof tokenChangeSchema>;

/** Which posts to show. */
export type LiveFilter = { platform?: string; account?: string };

/** A control door refused the request; the message is the door's own sentence. */
export class SandboxRefused extends Error {
  override readonly name = 'SandboxRefused';
}

/** Typed functions over the doors of one sandbox. All reject with {@link SandboxRefused} when a door says no. */
export type SandboxControl = {
  createAccount(account: NewAccount): Promise<AccountCard>;
  /** Registers an app by which people can be asked, in the place of one with the same id. */
  registerApp(app: NewApp): Promise<void>;
  /** Every account there is, without its tokens. */
  accounts(): Promise<Account[]>;
  /** Changes an account's tokens; a new grant (`issue`) has {@link SandboxControl.reconnect}. */
  changeTokens(accountId: string, change: Exclude<TokenChange, { action: 'issue' }>): Promise<void>;
  /** Gives the account new tokens, as a person who reconnects does. */
  reconnect(accountId: string, grant?: Omit<Extract<TokenChange, { action: 'issue' }>, 'action'>): Promise<AccountCard>;
  /** Changes some settings of an account; the platform's own schema names them. */
  settings(accountId: string, settings: Record<string, unknown>): Promise<void>;
  addFault(fault: NewFault): Promise<ScheduledFault>;
  /** What was scheduled so far, for one account or for all. */
  faults(account?: string): Promise<ScheduledFault[]>;
  /** Cancels what is still scheduled, for one account or for all. */
  clearFaults(account?: string): Promise<void>;
  /** Every live post, as the platform itself knows it. */
  live(filter?: LiveFilter): Promise<Post[]>;
  /** Takes a post down, as a person on the platform's own page does. */
  takeDown(platform: string, postId: string): Promise<void>;
  /** Lets lists show a hidden post from now on. */
  unhide(platform: string, postId: string): Promise<void>;
  /** Every received call, oldest first. */
  calls(filter?: CallFilter): Promise<ReceivedCall[]>;
  /** Sets the sandbox's distance to real time. */
  shiftClock(offsetMs: number): Promise<void>;
  /** Refuses all connections for a while, from shortly after the answer. */
  outage(ms: number): Promise<void>;
  /** Forgets everything. */
  reset(): Promise<void>;
};

/** The control client of the sandbox at this address (as `startSandbox` answers it). */
export function createSandboxControl(sandboxUrl: string): SandboxControl {
  const ask = async <T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> => {
    const response = await fetch(`${sandboxUrl}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return schema.parse(answer);
    const refused = z.object({ error: z.string() }).safeParse(answer);
    throw new SandboxRefused(refused.success ? refused.data.error : `The sandbox answered ${response.status}.`);
  };
  const anything = z.unknown();
  const done = async (method: string, path: string, body?: unknown) => void (await ask(method, path, anything, body));
  const query = (filter: object) => new URLSearchParams(z.record(z.string(), z.string()).parse(filter)).toString();
  const only = (account?: string) => (account === undefined ? '' : `?${query({ account })}`);
  return {
    createAccount: (account) => ask('POST', '/accounts', accountCardSchema, account),
    registerApp: (app) => done('POST', '/apps', app),
    accounts: async () => (await ask('GET', '/accounts', z.object({ accounts: z.array(accountSchema) }))).accounts,
    changeTokens: (accountId, change) => done('POST', `/accounts/${accountId}/tokens`, change),
    reconnect: (accountId, grant = {}) =>
      ask('POST', `/accounts/${accountId}/tokens`, accountCardSchema, { action: 'issue', ...grant }),
    settings: (account, settings) => done('POST', '/settings', { account, settings }),
    addFault: (fault) => ask('POST', '/faults', scheduledSchema, fault),
    faults: async (account) =>
      (await ask('GET', `/faults${only(account)}`, z.object({ faults: z.array(scheduledSchema) }))).faults,
    clearFaults: (account) => done('DELETE', `/faults${only(account)}`),
    live: async (filter = {}) =>
      (await ask('GET', `/live?${query(filter)}`, z.object({ posts: z.array(postSchema) }))).posts,
    takeDown: (platform, postId) => done('DELETE', `/live/${platform}/${postId}`),
    unhide: (platform, postId) => done('PUT', `/live/${platform}/${postId}/listed`),
    calls: async (filter = {}) =>
      (await ask('GET', `/calls?${query(filter)}`, z.object({ calls: z.array(callSchema) }))).calls,
    shiftClock: (offsetMs) => done('POST', '/clock', { offsetMs }),
    outage: (ms) => done('POST', '/outage', { ms }),
    reset: () => done('POST', '/reset'),
  };
}
