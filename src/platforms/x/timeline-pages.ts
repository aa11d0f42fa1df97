// Reads an account's timeline from its newest post back to an instant, and says what that proves of posts it did not show.
import type { HttpAnswer, HttpRequest } from '../../transport/exchange.ts';
import type { Coverage } from '../create-and-look.ts';
import { repeatable } from '../repeatable.ts';
import type { AccountSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { addressOf, bareCall } from './calls.ts';
import { instantsOf } from './match.ts';
import { classifyAnswer, isWorded } from './problem.ts';
import { type TimelinePost, timelineSchema } from './timeline-wire.ts';
import { readAnswer } from './wire.ts';

/** X bills reads by the post: most windows lie within an account's ten newest. */
const FIRST_PAGE_POSTS = 10;
const PAGE_POSTS = 100;
/** X shows the newest 3,200 posts of a timeline and then ends it, as if there were no more. */
const PAGES = 33;
/** A list that ended with no more than this was surely not cut off: half of what X shows. */
const WHOLE_LIST_POSTS = 1_600;

/** A timeline as far as it was read. */
export interface Timeline {
  readonly posts: readonly TimelinePost[];
  /** When its last post was made, in epoch milliseconds, once that lies before the instant asked for. */
  readonly backToMs: number | null;
  /** Why a post that is not in it may be live all the same; null where nothing says so. */
  readonly flaw: string | null;
}

/** Reads until a post older than `fromMs` is seen, or the list ends. @throws StepRefused | StepUnanswered */
export async function readBack(session: AccountSession, fromMs: number, pages = PAGES): Promise<Timeline> {
  const posts: TimelinePost[] = [];
  let flaw: string | null = null;
  let token: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { data, meta, errors } = await readPage(session, queryOf(page, token));
    flaw ??= errors?.length ? 'X could not fetch all of the timeline' : flawOf(data, posts.at(-1));
    posts.push(...data);
    const last = posts.at(-1);
    // The later one counts: an edited post has a new id, and may keep its first date.
    const backToMs = last ? Math.max(...instantsOf(last)) : Number.POSITIVE_INFINITY;
    if (backToMs < fromMs) return { posts, backToMs, flaw };
    if (!meta.next_token) return { posts, backToMs: null, flaw: flaw ?? flawOfEnd(data.length, page, posts.length) };
    token = meta.next_token;
  }
  return { posts, backToMs: null, flaw: `X's timeline did not end after ${pages} pages` };
}

/** What the timeline proves of a post it does not show. @throws StepUnanswered when that is nothing */
export function coverageOf({ backToMs, flaw }: Timeline): Coverage {
  if (flaw !== null) throw new StepUnanswered('reconcile', flaw);
  return backToMs === null ? { kind: 'whole_list' } : { kind: 'back_to', at: new Date(backToMs) };
}

/** A field that was asked for and is not there: X ignored the question. A list out of order may hide a gap. */
function flawOf(page: readonly TimelinePost[], before: TimelinePost | undefined): string | null {
  if (page.some(({ createdMs, text }) => createdMs === undefined || text === undefined)) {
    return "X's timeline lacks fields that were asked for";
  }
  const ids = [...(before ? [before] : []), ...page].map(({ id }) => BigInt(id));
  const isOrdered = ids.every((id, index) => index === 0 || id < (ids[index - 1] ?? 0n));
  return isOrdered ? null : "X's timeline is not in the order of time";
}

/** A list that merely ended was complete only if nothing speaks against it. */
function flawOfEnd(lastPagePosts: number, page: number, posts: number): string | null {
  if (lastPagePosts === 0 && page > 0) return "X's timeline promised another page and showed nothing on it";
  return posts > WHOLE_LIST_POSTS ? `X's timeline ended after ${posts} posts, which may be where X cuts it off` : null;
}

async function readPage(session: AccountSession, query: Readonly<Record<string, string>>) {
  const url = addressOf(session, `/2/users/${encodeURIComponent(session.account.remoteId)}/tweets`, query);
  const answer = await askReadably(session, bareCall(session, 'GET', url));
  return readAnswer(answer, timelineSchema, 'reconcile');
}

/**
 * Only X's own word says why it may not be asked. A 400 speaks of our question, not of the account: it leaves the timeline
 * unread. A 404 was worn by an outage of eight hours.
 */
async function askReadably(session: AccountSession, request: HttpRequest): Promise<HttpAnswer> {
  return await repeatable(session, request, {
    stage: 'reconcile',
    refusal: (answer) => classifyAnswer(answer, 'reconcile', session),
    worded: (answer) => answer.status !== 400 && isWorded(answer),
    doubted: ({ status }) => status === 404,
  });
}

/**
 * Nothing is excluded, since a list without its replies ends after 800 posts and one without anything else is not whole;
 * and no start is named, since X answers a window beyond its 3,200 posts with success and nothing.
 */
function queryOf(page: number, token: string | undefined): Record<string, string> {
  return {
    max_results: String(page === 0 ? FIRST_PAGE_POSTS : PAGE_POSTS),
    'tweet.fields':
      'created_at,text,attachments,entities,note_tweet,referenced_tweets,in_reply_to_user_id,edit_history_tweet_ids',
    expansions: 'attachments.media_keys',
    ...(token === undefined ? {} : { pagination_token: token }),
  };
}
