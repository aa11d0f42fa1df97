// The door for tools: Streamable HTTP by the official kit, a new server for each message and no session.
import { createMcpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { jsonOf, type SandboxRequest } from '../request.ts';
import { route, type SiteCall, type SiteState } from './state.ts';
import { type Effect, TOOLS, toolServer } from './tools.ts';

const messageSchema = z.looseObject({
  method: z.string(),
  params: z.looseObject({ name: z.string().optional() }).optional(),
});

/** Registers it. */
export function registerMcp(state: SiteState): void {
  route(state, ['POST', 'GET', 'DELETE'], '/mcp', {
    name: callName,
    guarded: true,
    answer: (call) => answer(state, call),
  });
}

/** A tool's call by the tool's name, the list of tools, and the rest of the protocol. */
function callName(request: SandboxRequest): string {
  const { method, params } = messageSchema.safeParse(jsonOf(request)).data ?? {};
  if (method === 'tools/call') return TOOLS.find((tool) => tool === params?.name) ?? 'unknown_tool';
  return method === 'tools/list' ? 'list_tools' : 'protocol';
}

async function answer(state: SiteState, call: SiteCall): Promise<Answer> {
  const effect: Effect = { took: true };
  const handler = createMcpHandler(() => toolServer(state, call, effect), { maxSubscriptions: 0 });
  try {
    const response = await handler.fetch(asRequest(call.request));
    const headers = Object.fromEntries(response.headers);
    const body = await response.text();
    return { status: response.status, headers, body, ...(effect.took ? {} : { refused: true }) };
  } finally {
    await handler.close();
  }
}

const PASSED_ON = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-session-id', 'mcp-method', 'mcp-name'];

function asRequest({ url, method, header, bytes }: SandboxRequest): Request {
  const headers = new Headers(
    PASSED_ON.flatMap((name): [string, string][] => {
      const value = header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return new Request(url, { method, headers, ...(bytes.length === 0 ? {} : { body: new Uint8Array(bytes) }) });
}
