// A received call, read whole before anything is decided: faults and late commits work on it after the client is gone.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** The Hono environment of every sandbox route: Node's own request and response, for work on the raw socket. */
export type SandboxEnv = { Bindings: HttpBindings };

/** One received call: where it went, what it carried. */
export type SandboxRequest = {
  method: string;
  url: URL;
  /** A path parameter of the route; empty when the route has none of that name. */
  param(name: string): string;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  bytes: Buffer;
};

/** Reads the whole body. Rejects when the client goes away before the end of it. */
export async function readRequest(c: Context<SandboxEnv>): Promise<SandboxRequest> {
  const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD';
  return {
    method: c.req.method,
    url: new URL(c.req.url),
    param: (name) => c.req.param(name) ?? '',
    header: (name) => c.req.header(name),
    bytes: hasBody ? Buffer.from(await c.req.arrayBuffer()) : Buffer.alloc(0),
  };
}

/** The body as a form (`application/x-www-form-urlencoded`). */
export function formOf(request: SandboxRequest): URLSearchParams {
  return new URLSearchParams(request.bytes.toString('utf8'));
}

/** The body as JSON; undefined when it is none. */
export function jsonOf(request: SandboxRequest): unknown {
  try {
    return JSON.parse(request.bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(request: SandboxRequest): string | undefined {
  const header = request.header('authorization') ?? '';
  return /^bearer +(\S+)$/i.exec(header)?.[1];
}
