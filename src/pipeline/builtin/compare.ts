// Compares a planned post with a page that a blog tells of.
import type { ContentDifference } from '../../domain/pipeline/judge-standing.ts';
import { bodyHtml } from '../../platforms/blog/body.ts';
import type { StandingPage } from '../../platforms/contract.ts';
import type { PlannedPost } from './plan-post.ts';

/** Empty: they agree. Null: the blog does not tell the page's content. */
export function differencesFrom(
  planned: Pick<PlannedPost, 'title' | 'body'>,
  page: StandingPage,
): ContentDifference[] | null {
  if (page.html === null) return null;
  const differences: ContentDifference[] = [];
  if (words(page.title) !== words(planned.title)) {
    differences.push({ what: 'title', planned: planned.title, seen: page.title });
  }
  const body = words(bodyHtml(planned.body, 'markdown'));
  const seen = words(page.html);
  if (body !== seen) differences.push({ what: 'text', planned: excerpt(body), seen: excerpt(seen) });
  return differences;
}

const words = (html: string): string =>
  html
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();

const excerpt = (text: string): string => text.slice(0, 300);
