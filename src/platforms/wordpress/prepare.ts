// Everything before the post is live: media, zone, tags, and a draft that nobody but the site's own people sees.
import type { PlatformSession } from '../sessions.ts';
import { readyDraft } from './draft.ts';
import { openSite } from './site.ts';
import { claimSlug } from './slug.ts';

/** Repeatable and invisible. @throws StepRefused | StepUnanswered | AlreadyLive */
export async function prepare(session: PlatformSession): Promise<void> {
  const site = await openSite(session);
  await claimSlug(session, site, await readyDraft(session, site));
}
