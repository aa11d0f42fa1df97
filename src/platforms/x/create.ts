// X's point of no return: `POST /2/tweets`. Builds the call, and reads what its answer means.
import type { Stage } from '../../domain/causes/causes.ts';
import { bodyJson, type HttpAnswer } from '../../transport/exchange.ts';
import type { CreateReading, HttpCreate } from '../create-and-look.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { addressOf, jsonCall } from './calls.ts';
import { postUrl } from './limits.ts';
import { optionsOf } from './options.ts';
import { classifyAnswer, isWorded } from './problem.ts';
import { mediaKey, type SavedMedia, usableMedia } from './saved-media.ts';
import { createdSchema } from './wire.ts';

/**
 * The create of the post with the media that was prepared. Sends nothing.
 * @throws StepUnanswered when an item's upload is gone since the preparation, for example because it grew too old.
 */
export function createCall(session: PlatformSession): HttpCreate {
  const { text } = session.post.content;
  const { replyToPostId } = optionsOf(session.post.options);
  const media = attached(session);
  const body = {
    ...(text === '' ? {} : { text }),
    ...(media.length === 0 ? {} : { media: { media_ids: media.map(({ id }) => id) } }),
    ...(replyToPostId === undefined ? {} : { reply: { in_reply_to_tweet_id: replyToPostId } }),
  };
  const mediaKeys = media.flatMap((item) => item.mediaKey ?? []);
  return { request: jsonCall(session, addressOf(session, '/2/tweets'), body), markers: { text, mediaKeys } };
}

function attached(session: PlatformSession): SavedMedia[] {
  return session.post.content.media.map((item, index) => {
    const saved = usableMedia(session, item, index);
    if (saved?.ready) return saved;
    throw new StepUnanswered('media', `the upload of media item ${index} is not ready to attach`);
  });
}

/**
 * What the answer means. A problem document with a 4xx is a refusal, but for the duplicate refusal, which may name the
 * very post that this publish made; anything else leaves the post possibly live.
 */
export function readCreate(answer: HttpAnswer, session: PlatformSession): CreateReading {
  const created = answer.status < 300 ? createdSchema.safeParse(bodyJson(answer)).data : undefined;
  if (created) return { kind: 'live', platformPostId: created.data.id, url: postUrl(created.data.id) };
  const { cause, lies, app } = classifyAnswer(answer, stageOf(session), session);
  if (answer.status < 300 || answer.status === 408 || answer.status >= 500) return { kind: 'unclear', cause };
  if (lies) return { kind: 'unclear', cause, ifAbsent: cause, duplicate: true };
  if (!isExplicit(answer)) return { kind: 'unclear', cause, ifAbsent: cause };
  if (app) return { kind: 'refused', cause, app: true };
  const rejectsUploads = cause.code === 'media_invalid' && answer.status === 400;
  return { kind: 'refused', cause, ...(rejectsUploads ? { forget: uploadsOf(session) } : {}) };
}

/** With media the create makes the parent of children that exist. */
function stageOf(session: PlatformSession): Stage {
  return session.post.content.media.length > 0 ? 'parent' : 'create';
}

function isExplicit(answer: HttpAnswer): boolean {
  return answer.status >= 400 && answer.status !== 409 && isWorded(answer);
}

function uploadsOf(session: PlatformSession): string[] {
  return session.post.content.media.map(mediaKey);
}
