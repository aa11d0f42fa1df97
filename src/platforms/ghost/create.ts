// The point of no return: our draft is published, as long as it is the one we saw, and what the answer means. No mail leaves:
// Ghost sends a newsletter only where it is named.
import { z } from 'zod';
import { cause } from '../../domain/causes/causes.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import { markOf } from '../blog/mark.ts';
import type { CreateCall, CreateReading } from '../create-and-look.ts';
import type { PlatformSession } from '../sessions.ts';
import { optionsOf } from './article.ts';
import { signed } from './call.ts';
import { savedDraft } from './draft.ts';
import { classifyAnswer, isNotFound, isWorded, PLATFORM } from './errors.ts';
import { isLive } from './posts.ts';
import { ownCause } from './refusals.ts';
import { onePostSchema } from './wire.ts';

/** What a later look asks by. */
export const markersSchema = z.object({ postId: z.string().min(1), mark: z.string().min(1), slug: z.string().min(1) });

/** With `updated_at`, Ghost refuses to change a post that somebody changed since; a repeat changes nothing. */
export function create(session: PlatformSession): CreateCall {
  const { id, updatedAt } = savedDraft(session);
  const body = JSON.stringify({ posts: [{ status: 'published', updated_at: updatedAt }] });
  return {
    request: {
      ...signed(session, { method: 'PUT', path: `posts/${id}/`, query: { include: 'tags' }, body }),
      body,
    },
    markers: { postId: id, mark: markOf(session.post), slug: optionsOf(session).slug },
  };
}

/** Reads a complete answer to the create. Never throws. */
export function readCreate(answer: HttpAnswer, session: PlatformSession): CreateReading {
  if (answer.status < 300) return readPublished(answer, session);
  const { cause: refusal, lies, app } = classifyAnswer(answer, 'create', session);
  if (answer.status === 408) return { kind: 'unclear', cause: refusal };
  if (answer.status < 400 || !isWorded(answer)) return { kind: 'unclear', cause: refusal, ifAbsent: refusal };
  // What the draft says now is read, and the next attempt decides with it.
  if (lies) return { kind: 'unclear', cause: refusal };
  if (isNotFound(answer)) return { kind: 'refused', cause: deleted() };
  return { kind: 'refused', cause: refusal, ...(app && { app }) };
}

function readPublished(answer: HttpAnswer, session: PlatformSession): CreateReading {
  const post = onePostSchema.safeParse(bodyJson(answer)).data;
  if (post && post.id === savedDraft(session).id && isLive(post)) {
    return { kind: 'live', platformPostId: post.id, url: post.url ?? undefined };
  }
  return {
    kind: 'unclear',
    cause: cause({
      code: 'unknown',
      source: 'status_only',
      platform: PLATFORM,
      stage: 'create',
      httpStatus: answer.status,
      externalText: 'Ghost said yes, but not that the post is published; it is asked before anything else is sent.',
      rawText: redact(`HTTP ${answer.status} ${bodyText(answer)}`, session.grant),
    }),
  };
}

function deleted() {
  return ownCause(
    'create',
    'The draft of this post was deleted in Ghost before it could be published, so nothing is live; replay it to publish it from a new draft.',
  );
}
