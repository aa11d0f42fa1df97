// What the HTTP API works with, built once and passed down, and what a request carries from step to step.
import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Client } from '@temporalio/client';
import type { KeyCaller } from '../domain/people/caller.ts';
import type { PublishingContext } from '../publishing/context.ts';

export interface ApiDeps
  extends Pick<
    PublishingContext,
    'ledger' | 'platforms' | 'transport' | 'mcp' | 'media' | 'store' | 'settings' | 'log' | 'dataFolder'
  > {
  readonly client: Client;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Where people reach the pages, without a trailing slash; null where only this machine does. */
  readonly publicUrl: string | null;
}

export interface ApiEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** When the request arrived. */
    arrivedAt: Date;
    /** Who is calling, proven by a key; set where an operation needs one. */
    caller: KeyCaller;
  };
}

export type Api = OpenAPIHono<ApiEnv>;
