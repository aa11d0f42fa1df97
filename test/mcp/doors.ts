// A door to MCP servers for tests that drive it without the protocol, with a gate that can be watched.
import { fileURLToPath } from 'node:url';
import type { McpReach, McpServerPolicy, ToolPublishing } from '../../src/domain/mcp/server.ts';
import { createMcpDoor, type McpDoor } from '../../src/transport/mcp/door.ts';
import { createTransport } from '../../src/transport/send.ts';

export const SITE_PROGRAM = fileURLToPath(new URL('site-program.ts', import.meta.url));

/** The settings of a server, as short as a test wants them. */
export function serverPolicy(reach: McpReach, more: Partial<McpServerPolicy> = {}): McpServerPolicy {
  return { name: 'site', reach, secretVariable: null, timeoutMs: null, pinnedTools: {}, publishing: null, ...more };
}

export const overHttp = (url: string): McpReach => ({ kind: 'http', url });

export const asProgram = (script: string, ...args: readonly string[]): McpReach => ({
  kind: 'stdio',
  program: process.execPath,
  args: [script, ...args],
  variables: [],
});

/** How the site of these tests publishes. */
export const SITE_PUBLISHING: ToolPublishing = {
  create: {
    tool: 'create_post',
    arguments: {
      title: '{title}',
      slug: '{slug}',
      html: '{html}',
      zone: '{zone}',
      idempotency_key: '{idempotency_key}',
    },
  },
  lookup: { tool: 'get_post', arguments: { idempotency_key: '{idempotency_key}' }, found: '/found' },
  answers: [
    {
      id: '/post/id',
      slug: '/post/slug',
      zone: '/post/zone',
      url: '/post/url',
      status: '/post/status',
      key: '/post/key',
    },
  ],
};

export interface OpenDoor {
  readonly door: McpDoor;
  close(): Promise<void>;
}

export function openDoor(server: McpServerPolicy, variables: Readonly<Record<string, string>> = {}): OpenDoor {
  const outbound = { userAgent: 'Oncepost/test' };
  const transport = createTransport(outbound);
  const given = { PATH: process.env.PATH ?? '', ...variables };
  const door = createMcpDoor({ servers: { [server.name]: server }, transport, outbound, variables: given });
  return { door, close: () => transport.close() };
}

/** What became of a gate. */
export interface WatchedGate {
  readonly asked: () => number;
  readonly told: () => number;
  mayLeave(): boolean;
  left(): Promise<void>;
}

export function watchedGate(open = true): WatchedGate {
  let asked = 0;
  let told = 0;
  return {
    asked: () => asked,
    told: () => told,
    mayLeave() {
      asked += 1;
      return open;
    },
    async left() {
      told += 1;
    },
  };
}
