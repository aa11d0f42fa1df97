// Serves the API and the pages on one socket, keeps what it remembers from growing without end, and stops without cutting anybody off.
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Client } from '@temporalio/client';
import { createApi } from '../api/app.ts';
import type { Context } from '../boot/context.ts';
import { openProvider, type SignInProvider } from '../identity/provider.ts';
import { forgetOldFlows } from '../ledger/connections/flows.ts';
import { forgetOldEventKeys } from '../ledger/events/unrouted.ts';
import { forgetOldNotifications } from '../ledger/notifications/deliveries.ts';
import { forgetOldSessions } from '../ledger/people/sessions.ts';
import { forgetOldSignInFlows } from '../ledger/people/sign-in-flows.ts';
import { forgetOldCounters } from '../ledger/requests/rate-limits.ts';
import { forgetOldAnswers } from '../ledger/requests/remembered-answers.ts';
import { createPages } from '../pages/app.ts';
import { CALLBACK_ADDRESS } from '../pages/sign-in/addresses.ts';
import { isLoopback, portRefused } from '../runtime/ports.ts';
import { cutOffWhenSlow, REQUEST_MS, UPLOAD_MS } from './slow-requests.ts';

const HOUSEKEEPING_MS = 3_600_000;
/** How long a stop waits for requests that are being answered. */
const GRACE_MS = 10_000;
/** Somebody waits before the sign-in page for as long. */
const PROVIDER_MS = 10_000;

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly client: Client;
}

export interface RunningServer {
  /** `http://host:port`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the server and answers when it listens. @throws StartRefused when the port cannot be opened */
export async function startServer(context: Context, { host, port, client }: ServerOptions): Promise<RunningServer> {
  const { ONCEPOST_TRUSTED_PROXIES: trustedProxies, ONCEPOST_PUBLIC_URL: publicUrl = null } = context.env;
  const { ONCEPOST_TEMPORAL_UI_URL: temporalUi = null } = context.env;
  const api = createApi({ ...context, client, trustedProxies, publicUrl });
  const provider = providerOf(context);
  const signsInByLink = provider === null && isLoopback(host);
  const pages = createPages({ ...context, client, trustedProxies, publicUrl, temporalUi, provider, signsInByLink });
  const server = createAdaptorServer({
    fetch: (request, env) => (isForMachines(request) ? api.fetch(atApi(request), env) : pages.fetch(request, env)),
    overrideGlobalObjects: false,
    serverOptions: { requestTimeout: UPLOAD_MS, headersTimeout: REQUEST_MS / 2 },
  });
  server.on('request', cutOffWhenSlow);
  const address = await listen(server, host, port);
  const housekeeping = setInterval(() => void keepHouse(context), HOUSEKEEPING_MS).unref();
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    async close() {
      clearInterval(housekeeping);
      await closeServer(server);
    },
  };
}

/** The environment sets all of it or nothing. */
function providerOf({ env, transport, settings }: Context): SignInProvider | null {
  const { ONCEPOST_OIDC_ISSUER: issuer, ONCEPOST_OIDC_CLIENT_ID: clientId, ONCEPOST_PUBLIC_URL: publicUrl } = env;
  const { ONCEPOST_OIDC_CLIENT_SECRET: clientSecret } = env;
  if (!issuer || !clientId || !clientSecret || !publicUrl) return null;
  const callback = `${publicUrl}${CALLBACK_ADDRESS}`;
  const timeoutMs = Math.min(settings.timeouts.answerMs, PROVIDER_MS);
  return openProvider({ issuer, clientId, clientSecret, callback, timeoutMs }, transport);
}

const FOR_MACHINES = /^\/(?:api|docs|health|media|openapi\.json|\.well-known)(?:\/|$)/;
/** Addresses of the operations plane: a browser gets a page there, everyone else what the API answers at its own (operations O7). */
const FOR_BOTH: ReadonlyMap<string, string> = new Map([
  ['alarms', '/api/alarms'],
  ['audit', '/api/activity'],
  ['events', '/api/events'],
  ['rules', '/api/rules'],
]);

/** The API's own address for one of those; undefined for every other. */
function ownAddress(pathname: string): string | undefined {
  const [, room = ''] = pathname.split('/', 2);
  const own = FOR_BOTH.get(room);
  return own === undefined ? undefined : `${own}${pathname.slice(room.length + 1)}`;
}

/** Two doors on one socket, so that neither's rules (tokens here, cookies there) can leak into the other. */
function isForMachines(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return FOR_MACHINES.test(pathname) || (ownAddress(pathname) !== undefined && !isFromBrowser(request));
}

/** A browser says that it takes pages; a form of a page says what it is. */
function isFromBrowser({ method, headers }: Request): boolean {
  const form = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)/i.test(headers.get('content-type') ?? '');
  return /\btext\/html\b/i.test(headers.get('accept') ?? '') || (method === 'POST' && form);
}

function atApi(request: Request): Request {
  const url = new URL(request.url);
  const own = ownAddress(url.pathname);
  if (own === undefined) return request;
  url.pathname = own;
  return new Request(url, request);
}

function listen(server: ServerType, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        portRefused(
          { host, port, purpose: 'the HTTP server', variable: 'ONCEPOST_PORT' },
          error.code ?? 'unknown error',
        ),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (address !== null && typeof address !== 'string') resolve(address);
    });
  });
}

async function keepHouse({ ledger, log, settings }: Context): Promise<void> {
  try {
    await forgetOldAnswers(ledger);
    await forgetOldCounters(ledger);
    await forgetOldSessions(ledger, settings.sessions);
    await forgetOldSignInFlows(ledger);
    await forgetOldFlows(ledger);
    await forgetOldNotifications(ledger);
    await forgetOldEventKeys(ledger);
  } catch (error) {
    log.warn(
      { err: error },
      'what is over (answers, counters, sessions, sign-ins, notifications, keys of events) could not be dropped; the next hour tries again',
    );
  }
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}
