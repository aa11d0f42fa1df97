// The HTTP API of one stage on a real socket, and keys to call it with.
import { Client, Connection } from '@temporalio/client';
import type { Context } from '../../src/boot/context.ts';
import { createOncepostClient, type OncepostClient } from '../../src/client/client.ts';
import { API_SCOPES, type ApiScope } from '../../src/domain/api/api-scopes.ts';
import { createApiKey } from '../../src/ledger/workspaces/api-keys.ts';
import { startServer } from '../../src/web/server.ts';
import type { Stage } from '../harness/stage.ts';

const OPERATOR = { type: 'USER', id: 'operator-1', label: 'Olga Operator' } as const;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Asked {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  /** Null: without a key. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestApi {
  readonly url: string;
  /** A key with every scope, in the stage's own workspace. */
  readonly key: string;
  newKey(scopes?: readonly ApiScope[], workspaceId?: string): Promise<string>;
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  client(key?: string): OncepostClient;
  close(): Promise<void>;
}

interface Changes {
  /** One whose Temporal is away, for example. */
  readonly client?: Client;
  readonly context?: Partial<Context>;
}

/** Serves the stage's API. */
export async function openApi(stage: Stage, { client = stage.temporal, context }: Changes = {}): Promise<TestApi> {
  const server = await startServer({ ...stage.context, ...context }, { host: '127.0.0.1', port: 0, client });
  const newKey = async (scopes: readonly ApiScope[] = API_SCOPES, workspaceId = stage.workspaceId) => {
    const made = await createApiKey(stage.context.ledger, { workspaceId, name: 'nightly', scopes, actor: OPERATOR });
    return made.key;
  };
  const key = await newKey();
  return {
    url: server.url,
    key,
    newKey,
    ask: (method, path, asked = {}) => ask(`${server.url}${path}`, method, { key, ...asked }),
    client: (ownKey = key) => createOncepostClient({ url: server.url, apiKey: ownKey }),
    close: () => server.close(),
  };
}

async function ask(url: string, method: string, { json, raw, key, headers }: Asked): Promise<Answer> {
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await fetch(url, {
    method,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** A Temporal client whose server is away. */
export function clientOfNobody(): Client {
  return new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
}
