// The site over Streamable HTTP, in this process: the official handler behind a plain HTTP server.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { type SiteFault, type SiteRecord, siteRecord, siteServer } from './site-server.ts';

/** What befalls the HTTP exchange of the next create. */
export type WireFault =
  /** The request is swallowed: the tool never runs, no answer comes. */
  | 'lost'
  /** The tool runs, and the connection breaks before a byte of its answer. */
  | 'run_then_reset'
  /** The tool is not run: something in front answers. */
  | 'gateway_502';

export interface HttpSite {
  readonly url: string;
  readonly record: SiteRecord;
  /** By slug; of any page when it is left out. */
  fault(fault: SiteFault | WireFault, slug?: string): void;
  /** The tool that creates says something else of itself from now on. */
  describe(description: string): void;
  /** The `tools/call` requests of the create tool that arrived at the socket, whatever became of them. */
  arrived(slug?: string): number;
  readonly userAgents: ReadonlySet<string>;
  close(): Promise<void>;
}

const WIRE_FAULTS: readonly string[] = ['lost', 'run_then_reset', 'gateway_502'];

export async function startHttpSite({ token }: { readonly token?: string } = {}): Promise<HttpSite> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-site-'));
  const record = siteRecord(folder);
  const faults = new Map<string, SiteFault | WireFault>();
  const arrived: string[] = [];
  const userAgents = new Set<string>();
  let description: string | undefined;
  const take = (slug: string, kinds: (fault: string) => boolean) => {
    for (const key of [slug, '*']) {
      const fault = faults.get(key);
      if (fault === undefined || !kinds(fault)) continue;
      faults.delete(key);
      return fault;
    }
    return null;
  };
  const handler = createMcpHandler(() =>
    siteServer({
      record,
      takeFault: (slug) => take(slug, (fault) => !WIRE_FAULTS.includes(fault)) as SiteFault | null,
      ...(description === undefined ? {} : { description }),
    }),
  );
  const answered = async (request: IncomingMessage, response: ServerResponse, body: string) => {
    const slug = createdSlug(body);
    if (slug !== null) arrived.push(slug);
    const wire = slug === null ? null : take(slug, (fault) => WIRE_FAULTS.includes(fault));
    if (wire === 'lost') return;
    if (wire === 'gateway_502') {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
      return;
    }
    const answer = await handler.fetch(asRequest(request, body));
    const text = await answer.text();
    if (wire === 'run_then_reset') request.socket.destroy();
    else response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
  };
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    userAgents.add(request.headers['user-agent'] ?? '');
    if (token === undefined || request.headers.authorization === `Bearer ${token}`) {
      await answered(request, response, body);
      return;
    }
    response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('{"error":"invalid_token"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    record,
    userAgents,
    fault: (fault, slug = '*') => void faults.set(slug, fault),
    describe(text) {
      description = text;
    },
    arrived: (slug) => arrived.filter((one) => slug === undefined || one === slug).length,
    async close() {
      await handler.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function createdSlug(body: string): string | null {
  const message = body === '' ? null : JSON.parse(body);
  return message?.method === 'tools/call' && message.params?.name === 'create_post'
    ? message.params.arguments.slug
    : null;
}

function asRequest({ url, method, headers }: IncomingMessage, body: string): Request {
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(`http://127.0.0.1${url}`, {
    method: method ?? 'GET',
    headers: new Headers(given),
    ...(body === '' ? {} : { body }),
  });
}
