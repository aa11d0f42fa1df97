// The codec endpoint of the Temporal UI (operations O5): opens and seals payloads for whoever is signed in, of their own workspaces alone.
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import { cors } from 'hono/cors';
import { z } from 'zod';
import type { Context } from '../boot/context.ts';
import { type PayloadKeys, workspaceOf } from '../boot/payload-codec.ts';
import type { PersonCaller } from '../domain/people/caller.ts';
import { findSession } from '../ledger/people/sessions.ts';
import { workspacesOf } from '../ledger/people/users.ts';
import { sessionName } from '../pages/session/cookies.ts';
import { portRefused } from '../runtime/ports.ts';

/** Far above what Temporal takes in one message. */
const MOST_BYTES = 16 * 1024 * 1024;

const payloadsSchema = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.base64()).default({}), data: z.base64().default('') })),
});

export interface CodecOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Of the Temporal UI, whose pages may ask. */
  readonly origins: readonly string[];
  readonly keys: PayloadKeys;
  /** As for the pages: by it their cookie has its name. */
  readonly publicUrl: string | null;
}

/** Starts it and answers when it listens. @throws StartRefused when the port cannot be opened */
export async function startCodecServer(
  { ledger, settings }: Pick<Context, 'ledger' | 'settings'>,
  { host, port, origins, keys, publicUrl }: CodecOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = new Hono<{ Variables: { caller: PersonCaller; workspaces: ReadonlySet<string> } }>();
  app.use(
    cors({
      origin: [...origins],
      credentials: true,
      allowHeaders: ['content-type', 'x-namespace'],
      allowMethods: ['POST'],
    }),
  );
  app.use(
    bodyLimit({ maxSize: MOST_BYTES, onError: (c) => c.json({ message: 'That is more than Temporal takes.' }, 413) }),
  );
  app.use(async (c, next) => {
    const id = getCookie(c, sessionName({ publicUrl }));
    const caller = id === undefined ? null : await findSession(ledger, id, settings.sessions);
    // A page of somebody else's could send a form here, but no JSON.
    if (!caller || !/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
      return c.json(
        { message: 'Sign in to Oncepost in this browser, and let the Temporal UI send its cookies here.' },
        401,
      );
    }
    c.set('caller', caller);
    c.set('workspaces', new Set((await workspacesOf(ledger, caller.userId)).map(({ name }) => name)));
    await next();
  });
  app.onError((error, c) =>
    error instanceof SyntaxError || error instanceof z.ZodError
      ? c.json({ message: 'That is no list of payloads.' }, 400)
      : c.json({ message: 'It could not be done; see the log of this process.' }, 500),
  );
  app.post('/decode', async (c) => {
    const { caller, workspaces } = c.var;
    const may = (workspace: string) => (workspace === '' ? caller.role === 'admin' : workspaces.has(workspace));
    return c.json(toJson(read(await c.req.json()).map((payload) => opened(payload, keys, may))));
  });
  app.post('/encode', async (c) => {
    const { workspaceName } = c.var.caller;
    return c.json(toJson(read(await c.req.json()).map((payload) => keys.seal(payload, workspaceName))));
  });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        portRefused(
          { host, port, purpose: 'the codec server', variable: 'ONCEPOST_CODEC_PORT' },
          error.code ?? 'unknown error',
        ),
      ),
    );
    server.listen(port, host, () => {
      const bound = server.address();
      if (bound !== null && typeof bound !== 'string') resolve(bound);
    });
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

type Payload = Parameters<PayloadKeys['open']>[0];

/** What is of a workspace that is not theirs stays sealed, as does what no key opens. */
function opened(payload: Payload, keys: PayloadKeys, may: (workspace: string) => boolean): Payload {
  const workspace = workspaceOf(payload);
  if (workspace === null || !may(workspace)) return payload;
  try {
    return keys.open(payload);
  } catch {
    return payload;
  }
}

function read(body: unknown): Payload[] {
  return payloadsSchema.parse(body).payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])),
    data: Buffer.from(data, 'base64'),
  }));
}

function toJson(payloads: readonly Payload[]) {
  return {
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
      data: base64(data ?? new Uint8Array()),
    })),
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
