// Before the call: the tools are the ones that were allowed, they take all that the post says, and the slug is free.

import { markOf } from '../blog/mark.ts';
import type { AccountSession, PlatformSession } from '../sessions.ts';
import { AlreadyLive, StepRefused, StepUnanswered } from '../step-errors.ts';
import { optionsOf, unsaid } from './arguments.ts';
import { mcpCause } from './causes.ts';
import { lookupFilling } from './look.ts';
import { asksBy, httpRefusal, lookUp } from './lookup.ts';
import { pinOf, type Site, siteOf, toolRefused } from './site.ts';

/** Saved once the site has said that nothing stands under the slug: what stands there later is ours. */
export const SLUG_FREE = 'slug_free';

/** Repeatable and invisible. @throws StepRefused | StepUnanswered | AlreadyLive */
export async function prepare(session: PlatformSession): Promise<void> {
  const site = siteOf(session);
  const { create, lookup } = site.publishing;
  const [left] = unsaid(create, session.post);
  if (left !== undefined) {
    const text = `The tool ${create.tool} has no argument for ${left.placeholder}, so nothing was sent; leave it out of the post, or add it to mcp_servers.${site.server.name}.create.`;
    throw new StepRefused(mcpCause({ code: 'publish_failed', stage: 'gate', text }));
  }
  await assertTools(session, site, [create.tool, ...(lookup ? [lookup.tool] : [])]);
  if (!lookup) return;
  const page = await lookUp(session, site, lookup, { filling: lookupFilling(session.post), stage: 'gate' });
  if (page === null) {
    if (asksBy(lookup, 'slug') && session.remote.get(SLUG_FREE) !== true) await session.remote.save(SLUG_FREE, true);
    await session.reach('slug_found_free');
    return;
  }
  const { slug } = optionsOf(session.post);
  if (page.key === markOf(session.post) || !asksBy(lookup, 'slug')) {
    const text = `The site holds page ${page.id} of this post, which was thought absent; nothing more was sent. Look at it, then resolve the publish.`;
    throw new AlreadyLive(mcpCause({ code: 'unknown', stage: 'gate', text }));
  }
  const text = `The slug ${slug} is taken on the site by another page (${page.url ?? page.id}), so nothing was published; choose another slug, or remove that page, then replay.`;
  throw new StepRefused(mcpCause({ code: 'publish_failed', stage: 'gate', text }));
}

/** @throws StepRefused where one is gone or changed; StepUnanswered where the server cannot be asked */
export async function assertTools(session: AccountSession, site: Site, tools: readonly string[]): Promise<void> {
  const { name } = site.server;
  const list = await session.mcp.tools(name);
  if (list.kind === 'answer') {
    const stage = 'gate';
    throw (
      httpRefusal(session, list, { stage, server: name }) ??
      new StepUnanswered(stage, `the MCP server ${name} answered ${list.status}`)
    );
  }
  if (list.kind !== 'tools')
    throw new StepUnanswered('gate', `the MCP server ${name} could not be asked (${list.detail})`);
  for (const tool of tools) {
    const digest = list.digests.get(tool);
    if (digest === undefined) throw toolRefused(`the MCP server ${name} has no tool ${tool} any more`);
    const pin = pinOf(session, site, tool);
    if (pin === digest) continue;
    throw toolRefused(
      `the tool ${tool} of the MCP server ${name} changed its description or schema since it was allowed (${pin} then, ${digest} now)`,
    );
  }
}
