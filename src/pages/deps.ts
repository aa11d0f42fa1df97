// What the pages work with, built once and passed down, and what a request carries from step to step.
import type { HttpBindings } from '@hono/node-server';
import type { Client } from '@temporalio/client';
import type { Context, Hono } from 'hono';
import type { PersonCaller } from '../domain/people/caller.ts';
import type { Role } from '../domain/people/roles.ts';
import type { SignInProvider } from '../identity/provider.ts';
import type { PublishingContext } from '../publishing/context.ts';

export interface PagesDeps
  extends Pick<
    PublishingContext,
    'ledger' | 'platforms' | 'transport' | 'mcp' | 'media' | 'store' | 'settings' | 'log' | 'dataFolder'
  > {
  readonly client: Client;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Where people reach the pages, without a trailing slash; null where only this machine does. */
  readonly publicUrl: string | null;
  /** Whom people sign in with; null where none is set up. */
  readonly provider: SignInProvider | null;
  /** Whether links that were printed on this machine sign its person in. */
  readonly signsInByLink: boolean;
  /** Where the Temporal UI is reached, without a trailing slash; null where nobody said. */
  readonly temporalUi: string | null;
}

/** A workspace that somebody belongs to, and as what. */
export interface OwnWorkspace {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface PagesEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** When the request arrived. */
    arrivedAt: Date;
    /** Who is signed in; set on every page that needs somebody. */
    caller: PersonCaller;
    /** The id of the session, as its cookie holds it. */
    sessionId: string;
    /** Every workspace of the person who is signed in, by name. */
    workspaces: readonly OwnWorkspace[];
    /** The viewer's time zone, an IANA name. */
    zone: string;
    /** What people call each platform, by its name in the ledger. */
    platformLabels: ReadonlyMap<string, string>;
    /** What is on hold, to be shown above the page. */
    onHold: readonly OnHold[];
    /** What the page before left to be said once; null when nothing. */
    notice: Notice | null;
  };
}

/** A hold that keeps publishes back now. */
export interface OnHold {
  readonly what: string;
  readonly reason: string;
  readonly by: string;
  readonly since: Date;
  readonly keptBack: number;
}

/** Said once, on the page that follows an action. */
export interface Notice {
  readonly kind: 'done' | 'refused';
  readonly text: string;
}

export type Pages = Hono<PagesEnv>;
export type PageContext = Context<PagesEnv>;
