// POST /2/tweets, X's point of no return: every accepted call is one more live post. There is no idempotency key.
import { z } from 'zod';
import { type Answer, json } from '../answer.ts';
import { snowflakeId } from '../ids.ts';
import type { Post } from '../posts.ts';
import { jsonOf } from '../request.ts';
import { attachable } from './attach.ts';
import { vocabularyOf } from './names.ts';
import { duplicateContent, forbiddenBecause, invalidRequest } from './problems.ts';
import { route, type XCall, type XState } from './state.ts';
import { weightOf } from './text.ts';
import { shownText } from './wire-post.ts';

const bodySchema = z.strictObject({
  text: z.string().optional(),
  media: z
    .strictObject({ media_ids: z.array(z.string()).min(1), tagged_user_ids: z.array(z.string()).optional() })
    .optional(),
  reply: z
    .strictObject({ in_reply_to_tweet_id: z.string(), exclude_reply_user_ids: z.array(z.string()).optional() })
    .optional(),
  /** An edit: the post goes on under a new id (reference: X, 1.4). */
  edit_options: z.strictObject({ previous_post_id: z.string() }).optional(),
  reply_settings: z.enum(['following', 'mentionedUsers', 'subscribers', 'verified']).optional(),
  for_super_followers_only: z.boolean().optional(),
  nullcast: z.boolean().optional(),
  made_with_ai: z.boolean().optional(),
  paid_partnership: z.boolean().optional(),
});

/** Registers the call. */
export function registerCreatePost(state: XState): void {
  route(state, 'POST', '/2/tweets', {
    name: 'create_post',
    scopes: ['tweet.read', 'tweet.write', 'users.read'],
    answer: (call) => createPost(state, call),
  });
}

function createPost(state: XState, call: XCall): Answer {
  const parsed = bodySchema.safeParse(jsonOf(call.request));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return invalidRequest(issue?.path.join('.') || 'body', '', issue?.message ?? 'The body is not valid JSON.');
  }
  const wanted = contentOf(parsed.data);
  const refused = refuseText(call, wanted) ?? refuseReply(state, wanted.replyTo);
  if (refused) return refused;
  const attached = attachable(state, call, wanted.mediaIds);
  if ('refused' in attached) return attached.refused;
  const replaced = editedPost(state, call, parsed.data.edit_options?.previous_post_id);
  if (replaced === 'missing') return forbiddenBecause('You are not permitted to edit this Tweet.');

  const contentKey = JSON.stringify(wanted);
  const earlier = state.rooms.posts.latestLike('x', call.account.id, contentKey);
  if (earlier && call.nowMs - earlier.createdAtMs < call.settings.duplicateWindowMs) return duplicateContent;

  const post = goLive(state, call, {
    text: wanted.text,
    replyTo: replaced ? replaced.replyTo : wanted.replyTo,
    contentKey,
    media: attached.media,
  });
  if (replaced) {
    state.versions.add(post.id, state.versions.of(replaced.id));
    state.rooms.posts.put({ ...replaced, deletedAtMs: call.nowMs });
  }
  const history = { [vocabularyOf(call.settings).history]: state.versions.of(post.id) };
  return json(201, { data: { id: post.id, text: shownText(post).text, ...history } });
}

/** The post that an edit replaces, if the account may edit it. */
function editedPost(state: XState, { account }: XCall, id: string | undefined): Post | 'missing' | undefined {
  if (id === undefined) return undefined;
  const post = state.rooms.posts.find('x', id);
  return post && post.accountId === account.id && post.deletedAtMs === null ? post : 'missing';
}

type Wanted = { text: string; mediaIds: string[]; replyTo: string | null };

function contentOf(body: z.infer<typeof bodySchema>): Wanted {
  return {
    text: (body.text ?? '').normalize('NFC'),
    mediaIds: body.media?.media_ids ?? [],
    replyTo: body.reply?.in_reply_to_tweet_id ?? null,
  };
}

function refuseText({ settings }: XCall, { text, mediaIds }: Wanted): Answer | undefined {
  if (text.trim() === '' && mediaIds.length === 0)
    return invalidRequest('text', text, 'text is required without media');
  if (weightOf(text) > settings.maxTextWeight) return invalidRequest('text', text, 'Your Tweet text is too long.');
  return undefined;
}

function refuseReply(state: XState, replyTo: string | null): Answer | undefined {
  if (replyTo === null) return undefined;
  const target = state.rooms.posts.find('x', replyTo);
  if (target && target.deletedAtMs === null) return undefined;
  return forbiddenBecause('You attempted to reply to a Tweet that is deleted or not visible to you.');
}

function goLive(state: XState, call: XCall, content: Pick<Post, 'text' | 'replyTo' | 'contentKey' | 'media'>): Post {
  const id = snowflakeId(call.nowMs);
  const hidden = call.effects().hiddenMs ?? call.settings.listDelayMs;
  const post = {
    platform: 'x',
    accountId: call.account.id,
    id,
    url: `https://x.com/${call.account.username}/status/${id}`,
    ...content,
    createdAtMs: call.nowMs,
    listedFromMs: hidden === 'forever' ? null : call.nowMs + hidden,
    madeFrom: null,
    deletedAtMs: null,
  };
  state.rooms.posts.put(post);
  return post;
}
