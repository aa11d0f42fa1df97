// How a site is connected: by the name under which the settings have its server. Its token stays in the environment of the
// workers; what the connection keeps is which tools were allowed, as they were then.

import type { Destination, RenewedGrant, SecretsConnect } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { mcpCause } from './causes.ts';
import { httpRefusal } from './lookup.ts';
import { type Pins, serverName, siteNamed, writePins } from './site.ts';

export const connect: SecretsConnect = {
  kind: 'secrets',
  fields: [
    {
      name: 'identifier',
      label: 'Server',
      help: 'The name of the MCP server under mcp_servers in temporal.yaml. Its tools are allowed as they are now.',
      secret: false,
      required: true,
    },
  ],
  open,
};

export const scopesFor = (): readonly string[] => [];

/** Allows the tools as they are now. @throws StepRefused | StepUnanswered */
async function open(session: AccountSession): Promise<RenewedGrant> {
  const name = serverName(session);
  const site = siteNamed(session);
  if (!site) throw new StepUnanswered('grant', `the settings name no MCP server "${name}" with a tool that creates`);
  const list = await session.mcp.tools(name);
  if (list.kind === 'answer') {
    throw (
      httpRefusal(session, list, { stage: 'grant', server: name }) ??
      new StepUnanswered('grant', `it answered ${list.status}`)
    );
  }
  if (list.kind !== 'tools') throw new StepUnanswered('grant', list.detail);
  const { create, lookup } = site.publishing;
  const pins: Pins = {};
  for (const tool of [create.tool, ...(lookup ? [lookup.tool] : [])]) {
    const digest = list.digests.get(tool);
    if (digest === undefined) throw new StepUnanswered('grant', `the server has no tool ${tool}`);
    pins[tool] = digest;
  }
  return { grant: { ...session.grant, accessToken: writePins(pins), identifier: name }, expiresAt: null };
}

/** The server's name; whose token it is, its own people know. */
export async function identify(session: AccountSession): Promise<string> {
  return serverName(session);
}

export async function destinations(session: AccountSession): Promise<readonly Destination[]> {
  const name = serverName(session);
  return [{ remoteId: name, name }];
}

/** The first grant of an account that was connected without one; later there is nothing to renew. @throws StepRefused | StepUnanswered */
export async function renew(session: AccountSession): Promise<RenewedGrant> {
  if (session.grant.accessToken === '') return open(session);
  const text = `The token of the MCP server ${serverName(session)} stands in the environment and cannot be renewed; put a good one there, start the workers again, then reconnect the account.`;
  throw new StepRefused(mcpCause({ code: 'reconnect_required', stage: 'grant', text }));
}
