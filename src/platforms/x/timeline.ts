// Looks for our post on the account's timeline. Only a timeline that was read to its end can say `missing` (law 4).
import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../transport/exchange.ts';
import { type Look, type PlatformSession, type SentIntent, StepUnanswered } from '../contract.ts';
import { repeatable } from '../repeatable.ts';
import { addressOf, bareCall } from './calls.ts';
import { postUrl } from './limits.ts';
import { findOurs, type Marks, type Window } from './match.ts';
import { optionsOf } from './options.ts';
import { classifyAnswer, isWorded } from './problem.ts';
import { readAnswer, type TimelinePost, timelineSchema } from './wire.ts';

/** How much X's clock may be behind ours: a look that begins too late would call a live post missing. */
const EARLY_MS = 120_000;
/** How long after the send deadline a post of ours may still come to be. */
const LATE_MS = 3_600_000;
const PAGE_POSTS = 100;
/** X shows at most 3,200 posts of a timeline. */
const PAGES = 33;

const markersSchema = z.object({
  text: z.string().optional().catch(undefined),
  mediaKeys: z.array(z.string()).default([]).catch([]),
});

/** Looks once. @throws StepRefused | StepUnanswered when the timeline could not be read to its end. */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const markers = markersSchema.parse(intent.markers);
  const text = markers.text ?? session.post.content.text;
  const isReply = optionsOf(session.post.options).replyToPostId !== undefined;
  const hasMedia = session.post.content.media.length > 0;
  const marks: Marks = { text, hasMedia, mediaKeys: markers.mediaKeys, isReply };
  const window: Window = {
    fromMs: intent.sentAt.getTime() - EARLY_MS,
    toMs: intent.sendDeadline.getTime() + LATE_MS,
  };
  // X counts a post that begins with a mention as a reply to the one it mentions.
  const withReplies = isReply || text.trimStart().startsWith('@');
  const posts = await postsSince(session, window.fromMs, withReplies);
  const ours = findOurs(posts, marks, window, intent.takenPostIds);
  if (ours === 'unclear') {
    throw new StepUnanswered('reconcile', 'the timeline shows a post with this text and other media');
  }
  return ours
    ? { kind: 'live', platformPostId: ours.id, url: postUrl(ours.id) }
    : { kind: 'missing', coverage: { kind: 'whole_list' } };
}

async function postsSince(session: PlatformSession, fromMs: number, withReplies: boolean): Promise<TimelinePost[]> {
  const posts: TimelinePost[] = [];
  let token: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { data, meta } = await readPage(session, queryOf(fromMs, withReplies, token));
    posts.push(...data);
    token = meta.next_token;
    if (token === undefined) return posts;
  }
  throw new StepUnanswered('reconcile', `X's timeline did not end after ${PAGES} pages`);
}

async function readPage(session: PlatformSession, query: Readonly<Record<string, string>>) {
  const url = addressOf(session, `/2/users/${encodeURIComponent(session.account.remoteId)}/tweets`, query);
  const answer = await askReadably(session, bareCall(session, 'GET', url));
  return readAnswer(answer, timelineSchema, 'reconcile');
}

/** Only X's own word says why it may not be asked; a page of something in between is a read that failed. */
async function askReadably(session: PlatformSession, request: HttpRequest): Promise<HttpAnswer> {
  const refusal = (answer: HttpAnswer) => classifyAnswer(answer, 'reconcile', session);
  return await repeatable(session, request, { stage: 'reconcile', refusal, worded: isWorded });
}

/** X takes whole seconds; cutting the fraction only begins the timeline a little earlier. */
function queryOf(fromMs: number, withReplies: boolean, token: string | undefined): Record<string, string> {
  return {
    max_results: String(PAGE_POSTS),
    exclude: withReplies ? 'retweets' : 'retweets,replies',
    start_time: new Date(fromMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    'tweet.fields': 'created_at,text,attachments,entities,note_tweet',
    expansions: 'attachments.media_keys',
    ...(token === undefined ? {} : { pagination_token: token }),
  };
}
