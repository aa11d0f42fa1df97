// What stands under a slug on a site, as its lookup tool tells it.

import type { BlogPages, StandingPage } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { unsaid } from './arguments.ts';
import { asksBy, lookUp } from './lookup.ts';
import { assertTools } from './prepare.ts';
import { siteOf } from './site.ts';

export const pages: BlogPages = {
  canAsk(session) {
    const { lookup } = siteOf(session).publishing;
    return lookup !== null && asksBy(lookup, 'slug');
  },
  standingAt,
  async refuses(session, options) {
    const site = siteOf(session);
    const { create, lookup } = site.publishing;
    await assertTools(session, site, [create.tool, ...(lookup ? [lookup.tool] : [])]);
    return unsaid(create, { options }).map(({ option, placeholder }) => ({
      field: `options.${option}`,
      problem: `has no place in the arguments of the tool ${create.tool}`,
      limit: `nothing, or "{${placeholder}}" in mcp_servers.${site.server.name}.create.arguments`,
    }));
  },
};

/** One page at most: a lookup tool answers with one. @throws StepRefused | StepUnanswered */
async function standingAt(session: AccountSession, slug: string): Promise<readonly StandingPage[]> {
  const site = siteOf(session);
  const { lookup } = site.publishing;
  if (!lookup || !asksBy(lookup, 'slug')) {
    throw new StepUnanswered('reconcile', 'the settings name no tool that looks pages up by their slug');
  }
  const page = await lookUp(session, site, lookup, { filling: { slug }, stage: 'reconcile' });
  if (page === null) return [];
  const own = page.slug.startsWith(slug) && /^(?:-\d{1,4})?$/.test(page.slug.slice(slug.length));
  if (!own)
    throw new StepUnanswered('reconcile', `the site answered unreadable: with the page ${page.slug}, not ${slug}`);
  return [
    {
      id: page.id,
      slug: page.slug,
      status: page.status,
      zones: page.zone === null ? [] : [page.zone],
      title: page.title ?? '',
      html: page.html,
      url: page.url,
      canonicalUrl: page.canonicalUrl,
      marks: page.key === null ? [] : [page.key],
      updatedAt: null,
    },
  ];
}
