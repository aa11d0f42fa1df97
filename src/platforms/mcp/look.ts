// Looks for the page of a create: by its idempotency key, or by the slug that nothing stood under before it.
import { z } from 'zod';
import type { Filling } from '../../domain/mcp/template.ts';
import { markOf } from '../blog/mark.ts';
import type { Askability, Look, SentIntent } from '../create-and-look.ts';
import type { PlatformSession, PostToPublish } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import type { ReadPage } from './answer.ts';
import { optionsOf } from './arguments.ts';
import { asksBy, type Lookup, lookUp } from './lookup.ts';
import { siteNamed, siteOf } from './site.ts';

const markersSchema = z.looseObject({ slugFree: z.boolean().catch(false) });

/** The key and the slug are ours, and each is one place to look at; without a lookup tool nobody can be asked. */
export function askability(session: PlatformSession): Askability {
  return siteNamed(session)?.publishing.lookup ? 'authoritative' : 'blind';
}

export function lookupFilling(post: PostToPublish): Filling {
  const { slug, zone } = optionsOf(post);
  return { slug, idempotency_key: markOf(post), ...(zone === undefined ? {} : { zone }) };
}

/** @throws StepRefused | StepUnanswered when it could not be read, or what was seen may be ours and is not surely */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const site = siteOf(session);
  const { lookup } = site.publishing;
  if (!lookup) throw new StepUnanswered('reconcile', 'the settings name no tool that looks up');
  const page = await lookUp(session, site, lookup, { filling: lookupFilling(session.post), stage: 'reconcile' });
  if (page === null) return { kind: 'missing', coverage: { kind: 'by_key' } };
  const doubt = whyNotOurs(page, { session, intent, lookup });
  if (doubt !== null) throw new StepUnanswered('reconcile', `the site shows page ${page.id}, ${doubt}`);
  return { kind: 'live', platformPostId: page.id, url: page.url ?? undefined };
}

interface Seen {
  readonly session: PlatformSession;
  readonly intent: SentIntent;
  readonly lookup: Lookup;
}

/** Null: it is ours, and live. */
function whyNotOurs(page: ReadPage, { session, intent, lookup }: Seen): string | null {
  const { slug, zone } = optionsOf(session.post);
  if (intent.takenPostIds.has(page.id)) return 'which is that of another schedule';
  if (page.key !== null && page.key !== markOf(session.post)) return 'which was made with another key than ours';
  if (page.status === 'draft') return 'which readers do not see: it is a draft';
  if (page.key !== null || !asksBy(lookup, 'slug')) return null;
  if (page.slug !== slug) return `under the slug ${page.slug}, and ${slug} was asked for`;
  if (zone !== undefined && page.zone !== null && page.zone !== zone)
    return `which stands in ${page.zone}, not in ${zone}`;
  return markersSchema.parse(intent.markers).slugFree ? null : 'which may have stood there before';
}
