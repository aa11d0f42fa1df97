// An MCP server written by hand, over HTTP, for what the official one would never say: any answer, any break, at the call.
// It speaks the revision 2025-11-25 as the specification writes it, and keeps its own record of the calls that arrived.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const messageSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string(),
  params: z
    .looseObject({ name: z.string().optional(), arguments: z.record(z.string(), z.unknown()).optional() })
    .default({}),
});

export interface RawCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}

/** The ways a call can be answered. */
export interface Reply {
  result(result: unknown): void;
  error(code: number, message: string): void;
  http(status: number, body: string, headers?: Readonly<Record<string, string>>): void;
  /** The head of an event stream, and what is given of its body; it stays open. */
  stream(text: string): void;
  /** The JSON-RPC message of a result, as text. */
  messageOf(result: unknown): string;
  readonly response: ServerResponse;
}

export interface RawTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
}

export interface RawServer {
  readonly url: string;
  /** Every `tools/call` that arrived. */
  readonly calls: RawCall[];
  /** Every HTTP request that arrived: method, and the message's own. */
  readonly seen: string[];
  tools: readonly RawTool[];
  onCall: (call: RawCall, reply: Reply) => void;
  /** Answers any message before the call in its place; null: as usual. */
  onOther: (method: string, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

export const OPEN_SCHEMA = { type: 'object', additionalProperties: true };

export async function startRawServer(): Promise<RawServer> {
  const server = createServer((request, response) => void serve(raw, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const raw: RawServer = {
    url: `http://127.0.0.1:${port}/mcp`,
    calls: [],
    seen: [],
    tools: [
      { name: 'create_post', inputSchema: OPEN_SCHEMA },
      { name: 'get_post', inputSchema: OPEN_SCHEMA },
    ],
    onCall: (_call, reply) => reply.result({ content: [] }),
    onOther: () => false,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return raw;
}

async function serve(raw: RawServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  if (text === '') {
    raw.seen.push(request.method ?? '');
    response.writeHead(405).end();
    return;
  }
  const { id, method, params } = messageSchema.parse(JSON.parse(text));
  raw.seen.push(`${request.method} ${method}`);
  const json = (message: object) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...message }));
  };
  if (method === 'tools/call') {
    const call = { tool: params.name ?? '', arguments: params.arguments ?? {}, headers: request.headers };
    raw.calls.push(call);
    raw.onCall(call, replyOf(response, id, json));
    return;
  }
  if (raw.onOther(method, response)) return;
  if (id === undefined) response.writeHead(202).end();
  else if (method === 'initialize') json({ result: INITIALIZED });
  else if (method === 'tools/list') json({ result: { tools: raw.tools } });
  else json({ error: { code: -32_601, message: 'Method not found' } });
}

const INITIALIZED = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {} },
  serverInfo: { name: 'by-hand', version: '1' },
};

function replyOf(response: ServerResponse, id: unknown, json: (message: object) => void): Reply {
  return {
    response,
    result: (result) => json({ result }),
    error: (code, message) => json({ error: { code, message } }),
    http: (status, body, headers = {}) => void response.writeHead(status, headers).end(body),
    stream(text) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      if (text !== '') response.write(text);
    },
    messageOf: (result) => JSON.stringify({ jsonrpc: '2.0', id, result }),
  };
}
