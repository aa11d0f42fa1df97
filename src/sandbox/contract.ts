// What a stand-in is: the folder `<platform>/stand-in.ts` exports one as `standIn`, and nothing else needs to know it.
import type { Hono } from 'hono';
import type { Accounts } from './accounts.ts';
import type { Answer } from './answer.ts';
import type { Apps } from './apps.ts';
import type { Calls } from './calls.ts';
import type { SandboxClock } from './clock.ts';
import type { FaultBook } from './faults/book.ts';
import type { Journal } from './journal.ts';
import type { Posts } from './posts.ts';
import type { SandboxEnv, SandboxRequest } from './request.ts';
import type { Settings } from './settings.ts';

/** The rooms every stand-in shares. */
export type Rooms = {
  clock: SandboxClock;
  journal: Journal;
  accounts: Accounts;
  apps: Apps;
  posts: Posts;
  calls: Calls;
  faults: FaultBook;
  /** Aborted when the sandbox closes. */
  closing: AbortSignal;
};

/** A wait before the next call is welcome: when it ends, and what time it is now, in epoch milliseconds. */
export type Throttle = { resetAtMs: number; nowMs: number };

/** An error answer; where it names the call that it answers, made from that call. */
export type Refusal = Answer | ((request: SandboxRequest) => Answer);

/** The platform's own words for faults that any platform can have. */
export type Refusals = {
  /** Documented error answers by name; faults refer to them. */
  presets: Record<string, Refusal>;
  unauthorized: Refusal;
  duplicate: Refusal;
  lying: Refusal;
  /** Each way this platform says "too many requests"; the first is the usual one. */
  rateLimited: Record<string, (throttle: Throttle) => Answer>;
};

/** What a new account of this platform is like. */
export type AccountForm = {
  newId(nowMs: number): string;
  scopes: string[];
  tokenPrefix: string;
  accessLifetimeMs: number;
  /** Null: the platform issues no refresh token. */
  refreshLifetimeMs: number | null;
};

/** A stand-in at work. */
export type OpenStandIn = {
  app: Hono<SandboxEnv>;
  settings: Settings<object>;
};

/** A stand-in: its name is its folder and the first part of its addresses. */
export type StandIn = {
  platform: string;
  account: AccountForm;
  refusals: Refusals;
  /** The names of its calls, for faults and counts. */
  calls: readonly string[];
  open(rooms: Rooms): OpenStandIn;
};
