// Which server an account publishes through, and which of its tools were allowed. An account is one server of the settings:
// its remote id is the server's name, and its grant holds the digests of the tools as they were when it was connected. So a
// changed tool is allowed again by connecting the account again, by a person. The token itself stays in the environment.
import { z } from 'zod';
import type { McpServerPolicy, ToolPublishing } from '../../domain/mcp/server.ts';
import type { ToolCall } from '../../transport/exchange.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { mcpCause } from './causes.ts';

export interface Site {
  readonly server: McpServerPolicy;
  readonly publishing: ToolPublishing;
}

/** The server's name: of the account, or, before there is one, as a person typed it. */
export function serverName({ account, grant }: AccountSession): string {
  return account.remoteId !== '' ? account.remoteId : (grant.identifier?.trim() ?? '');
}

/** Null: the settings name no such server, or publish nothing through it. */
export function siteNamed(session: AccountSession): Site | null {
  const server = session.mcp.named(serverName(session));
  return server?.publishing ? { server, publishing: server.publishing } : null;
}

/** @throws StepRefused where the settings have no such site any more */
export function siteOf(session: AccountSession): Site {
  const site = siteNamed(session);
  if (site) return site;
  const text = `The settings of this worker name no MCP server "${serverName(session)}" with a tool that creates, so nothing was sent; put it into temporal.yaml, start the workers again, then replay.`;
  throw new StepRefused(mcpCause({ code: 'publish_failed', stage: 'gate', text }));
}

const pinsSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));
export type Pins = z.infer<typeof pinsSchema>;

export const writePins = (pins: Pins): string => JSON.stringify(pins);

/** The digest that a tool was allowed with. @throws StepRefused where it never was */
export function pinOf(session: AccountSession, { server }: Site, tool: string): string {
  const pinned = Object.hasOwn(server.pinnedTools, tool) ? server.pinnedTools[tool] : undefined;
  const pin = pinned ?? readPins(session.grant.accessToken)[tool];
  if (pin !== undefined) return pin;
  throw toolRefused(`the tool ${tool} of the MCP server ${server.name} was never allowed`);
}

function readPins(text: string): Pins {
  try {
    return pinsSchema.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

/** A tool is not the one that was allowed. */
export function toolRefused(what: string): StepRefused {
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}, so nothing was sent; look at the tool, then reconnect the account to allow it.`;
  return new StepRefused(mcpCause({ code: 'reconnect_required', stage: 'gate', text: sentence }));
}

/** A call of one of its tools, pinned. @throws StepRefused */
export function callOf(
  session: AccountSession,
  site: Site,
  { tool, arguments: args }: Pick<ToolCall, 'tool' | 'arguments'>,
): ToolCall {
  return { server: site.server.name, tool, arguments: args, pin: pinOf(session, site, tool) };
}
