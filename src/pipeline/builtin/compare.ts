// Compares a planned post with a page that a blog tells of: its title, its text and its canonical link. Its address is judged beside it.
import { HtmlTooDeep } from '../../domain/pipeline/html/tree.ts';
import type { ContentDifference } from '../../domain/pipeline/judge-standing.ts';
import { compareBody, compareCanonical, compareTitle, SIGNALS } from '../../domain/pipeline/page/compare-content.ts';
import { type PlannedPost as PlannedPage, readPlanned, readStanding } from '../../domain/pipeline/page/signals.ts';
import type { StandingPage } from '../../platforms/contract.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import type { PlannedPost } from './plan-post.ts';

/** Empty: they agree. Null: the blog does not tell the page's content, or it cannot be read. */
export function differencesFrom(planned: PlannedPost, page: StandingPage): ContentDifference[] | null {
  try {
    const content = readPlanned(asPage(planned), sha256Hex);
    const seen = readStanding(page, sha256Hex);
    if (!seen) return null;
    const differences = [
      ...compareTitle(content, seen),
      ...compareBody(content, seen),
      ...compareCanonical(content, page),
    ];
    return differences.map((one) => ({
      what: SIGNALS[one.signal],
      planned: one.planned,
      seen: one.seen ?? 'nothing like it',
    }));
  } catch (error) {
    if (error instanceof HtmlTooDeep) return null;
    throw error;
  }
}

/** The post as the rules of pages know it. */
export function asPage({ title, body, address: url }: PlannedPost): PlannedPage {
  return { title, body, format: 'markdown', url };
}
