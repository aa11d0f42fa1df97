// A post's tags in Ghost: its zone first, then the others, then the internal one that says whose post it is.
import { markOf } from '../blog/mark.ts';
import type { BlogOptions } from '../blog/options.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { ask } from './call.ts';
import { markTag } from './posts.ts';
import { type GhostTag, tagListSchema } from './wire.ts';

const MOST_PAGES = 100;

/** A tag of the site, or one that comes into being with the post. */
export type WantedTag = { readonly id: string } | { readonly name: string; readonly slug?: string };

/**
 * The tags of the post, those that the site has by their ids: Ghost itself knows a tag again only by its exact name, and makes
 * a second one, `news-2`, for a zone that it has as "News". @throws StepRefused | StepUnanswered
 */
export async function resolveTags(session: PlatformSession, { zone, tags = [] }: BlogOptions): Promise<WantedTag[]> {
  const known = zone === undefined && tags.length === 0 ? [] : await publicTags(session);
  const ofZone = zone === undefined ? [] : [known.find(({ slug }) => slug === zone) ?? { name: zone, slug: zone }];
  const others = tags.map((name) => known.find((tag) => isSameName(tag.name, name)) ?? { name });
  return [...distinct([...ofZone, ...others]).map(asWanted), { name: markTag(markOf(session.post)) }];
}

/** Whether the tag that stands there is the wanted one. */
export function isTag(wanted: WantedTag, found: GhostTag | undefined): boolean {
  if (found === undefined) return false;
  return 'id' in wanted ? wanted.id === found.id : isSameName(wanted.name, found.name);
}

type Known = GhostTag | { readonly name: string; readonly slug?: string };

function asWanted(tag: Known): WantedTag {
  return 'id' in tag ? { id: tag.id } : tag;
}

function distinct(tags: readonly Known[]): Known[] {
  return tags.filter((tag, index) => tags.findIndex(({ name }) => isSameName(name, tag.name)) === index);
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function publicTags(session: PlatformSession): Promise<GhostTag[]> {
  const found: GhostTag[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const query = { filter: 'visibility:public', order: 'id asc', limit: '100', page: String(page) };
    const list = await ask(session, {
      method: 'GET',
      path: 'tags/',
      query,
      stage: 'parent',
      window: 'read',
      schema: tagListSchema,
    });
    found.push(...list.tags);
    if (page >= list.pages) return found;
  }
  throw new StepUnanswered('parent', 'Ghost did not list all of its tags');
}
