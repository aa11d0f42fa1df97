// The section of MCP servers under the names the code uses.
import type { McpReach, McpServerPolicy, ToolPublishing } from '../../domain/mcp/server.ts';
import type { McpServersFile } from './mcp-schema.ts';
import type { Settings } from './settings.ts';

type ServerFile = McpServersFile[string];

export function toMcpServers(file: McpServersFile | undefined): Settings['mcpServers'] {
  return Object.fromEntries(Object.entries(file ?? {}).map(([name, server]) => [name, toServer(name, server)]));
}

function toServer(name: string, server: ServerFile): McpServerPolicy {
  return {
    name,
    reach: toReach(server),
    secretVariable: server.secret_env ?? null,
    timeoutMs: server.timeout ?? null,
    pinnedTools: server.pinned_tools ?? {},
    publishing: toPublishing(server),
  };
}

function toReach({ url, command = [], env = [] }: ServerFile): McpReach {
  if (url !== undefined) return { kind: 'http', url };
  const [program = '', ...args] = command;
  return { kind: 'stdio', program, args, variables: env };
}

function toPublishing({ create, lookup, answers = [] }: ServerFile): ToolPublishing | null {
  if (!create) return null;
  return {
    create,
    lookup: lookup ? { tool: lookup.tool, arguments: lookup.arguments, found: lookup.found ?? null } : null,
    answers: answers.map(({ canonical_url: canonicalUrl, ...shape }) => ({ ...shape, canonicalUrl })),
  };
}
