// Where a post is filed: its zone is a category that must be there, its tags are made where they are not.
import { z } from 'zod';
import type { AccountSession, PlatformSession } from '../sessions.ts';
import { ask, askUnless } from './call.ts';
import { notPublished } from './not-published.ts';
import { optionsOf } from './options.ts';
import type { Site } from './site.ts';
import { termSchema } from './wire.ts';

/** The site's own ids. */
export interface Terms {
  readonly category: number | null;
  readonly tags: readonly number[];
}

/** @throws StepRefused when there is no such category, or on WordPress's own refusal; StepUnanswered */
export async function findTerms(session: PlatformSession, site: Site): Promise<Terms> {
  const { zone, tags = [] } = optionsOf(session.post);
  const category = zone === undefined ? null : await findCategory(session, site, zone);
  const ids: number[] = [];
  for (const name of tags) ids.push(await findTag(session, site, name));
  return { category, tags: ids };
}

async function findCategory(session: PlatformSession, site: Site, slug: string): Promise<number> {
  const id = await categoryOf(session, site, slug);
  if (id !== null) return id;
  throw notPublished(
    'parent',
    `There is no category "${slug}" on this site. Make it in WordPress, or choose another zone, then replay.`,
  );
}

/** The id of the category of that slug; null: the site has none. @throws StepRefused | StepUnanswered */
export async function categoryOf(session: AccountSession, site: Site, slug: string): Promise<number | null> {
  const query = { slug, _fields: 'id,slug' };
  const schema = z.array(termSchema);
  const found = await ask(session, site, {
    stage: 'parent',
    window: 'read',
    route: '/wp/v2/categories',
    query,
    schema,
  });
  return found.find((one) => one.slug === slug)?.id ?? null;
}

/** WordPress names the tag that is there already, however its name is written, and makes no second one. */
function findTag(session: PlatformSession, site: Site, name: string): Promise<number> {
  return askUnless(
    session,
    site,
    {
      stage: 'parent',
      method: 'POST',
      route: '/wp/v2/tags',
      query: { _fields: 'id,slug' },
      json: { name },
      schema: termSchema.transform(({ id }) => id),
    },
    { codes: ['term_exists'], read: ({ data }) => z.int().positive().parse(data.term_id) },
  );
}
