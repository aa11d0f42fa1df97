// The one door to MCP servers, all of them named in the settings: whoever wrote them there chose their addresses.
import type { McpServerPolicy } from '../../domain/mcp/server.ts';
import type { Exchange, NotSent, ToolCall, ToolExchange } from '../exchange.ts';
import type { Outbound } from '../outbound.ts';
import type { SendGate, Transport } from '../send.ts';
import { callTool, listTools, type Speaking, type ToolList } from './conversation.ts';
import { Wire } from './wire.ts';

export interface ToolLimits {
  /** How long the server may take to come to the call: connection, handshake and its list of tools. */
  readonly openMs: number;
  /** How long the answer is awaited, unless the settings say less for this server. */
  readonly answerMs: number;
  /** Fires when nobody waits for the answer any more; the call may have left all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface McpDoor {
  /** As the settings name it; null: they do not. */
  named(server: string): McpServerPolicy | null;
  /** What tools it has now. */
  tools(server: string, limits: ToolLimits): Promise<ToolList | Exchange>;
  /** A call that may be repeated; never the create. */
  call(call: ToolCall, limits: ToolLimits): Promise<ToolExchange>;
  /** The point-of-no-return call: sent once, past its gate. Whatever fails before the call itself has left is `not_sent`. */
  create(call: ToolCall, limits: ToolLimits, gate: SendGate): Promise<ToolExchange>;
}

export interface McpDoorFacts {
  readonly servers: Readonly<Record<string, McpServerPolicy>>;
  readonly transport: Transport;
  readonly outbound: Outbound;
  readonly variables: Readonly<Record<string, string>>;
}

export function createMcpDoor({ servers, ...facts }: McpDoorFacts): McpDoor {
  const named = (server: string) => (Object.hasOwn(servers, server) ? (servers[server] ?? null) : null);
  const speaking = (server: McpServerPolicy, limits: ToolLimits, gate: SendGate | null): Speaking => ({
    ...facts,
    server,
    wire: new Wire(gate),
    openUntilMs: performance.now() + limits.openMs,
    answerMs: server.timeoutMs ?? limits.answerMs,
    signal: limits.signal,
  });
  return {
    named,
    async tools(name, limits) {
      const server = named(name);
      return server ? listTools(speaking(server, limits, null)) : unknownServer(name);
    },
    async call(call, limits) {
      const server = named(call.server);
      return server ? callTool(speaking(server, limits, null), call) : unknownServer(call.server);
    },
    async create(call, limits, gate) {
      const server = named(call.server);
      if (!server) return unknownServer(call.server);
      const conversation = speaking(server, limits, gate);
      const exchange = await callTool(conversation, call);
      if (conversation.wire.leaving || exchange.kind === 'not_sent') return exchange;
      const detail =
        exchange.kind === 'answer' ? `the handshake was answered ${exchange.status}` : 'the handshake failed';
      return { kind: 'not_sent', reason: 'unreachable', detail };
    },
  };
}

function unknownServer(name: string): NotSent {
  return { kind: 'not_sent', reason: 'unreachable', detail: `the settings name no MCP server ${name}` };
}
