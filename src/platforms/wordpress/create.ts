// The point of no return: our draft is published under its slug. Sent again it changes nothing, since it names the post.
import { z } from 'zod';
import { cause } from '../../domain/causes/causes.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import { markOf } from '../blog/mark.ts';
import type { CreateCall, CreateReading } from '../create-and-look.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { classifyAnswer, errorOf, isWorded, PLATFORM } from './errors.ts';
import { optionsOf } from './options.ts';
import { DRAFT_KEYS, savedDraft } from './own-post.ts';
import { routeUrl, savedRoot, signIn } from './site.ts';
import { writtenSchema } from './wire.ts';

/** What a later look finds the post by. */
export const markersSchema = z.object({ postId: z.int().positive(), slug: z.string().min(1), mark: z.string().min(1) });

/** @throws StepUnanswered when the preparation is not on record */
export function create(session: PlatformSession): CreateCall {
  const draft = savedDraft(session);
  if (!draft) throw new StepUnanswered('create', 'the draft is not on record');
  const { slug } = optionsOf(session.post);
  const query = { context: 'edit', _fields: 'id,slug,status,link' };
  return {
    request: {
      method: 'POST',
      url: routeUrl(savedRoot(session), `/wp/v2/posts/${draft.id}`, query),
      headers: { ...signIn(session), 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'publish', slug }),
    },
    markers: { postId: draft.id, slug, mark: markOf(session.post) },
  };
}

/** Reads a complete answer to the create. Never throws. */
export function readCreate(answer: HttpAnswer, session: PlatformSession): CreateReading {
  if (answer.status < 300) return readWritten(answer, session);
  const { cause: refusal } = classifyAnswer(answer, 'create', session);
  if (answer.status === 408) return { kind: 'unclear', cause: refusal };
  if (answer.status < 400 || !isWorded(answer)) return { kind: 'unclear', cause: refusal, ifAbsent: refusal };
  const gone = errorOf(answer)?.code === 'rest_post_invalid_id';
  return { kind: 'refused', cause: refusal, forget: gone ? DRAFT_KEYS : [] };
}

function readWritten(answer: HttpAnswer, session: PlatformSession): CreateReading {
  const { slug } = optionsOf(session.post);
  const written = writtenSchema.safeParse(bodyJson(answer)).data;
  const isOurs = written !== undefined && written.id === savedDraft(session)?.id;
  if (isOurs && written.status === 'publish' && written.slug === slug) {
    return { kind: 'live', platformPostId: String(written.id), url: written.link };
  }
  const said = isOurs
    ? `WordPress says that the post is ${written.status} under "${written.slug}", and "${slug}" was asked for`
    : 'WordPress said yes in a form that cannot be read; a plugin or the host may have changed it';
  return {
    kind: 'unclear',
    cause: cause({
      code: 'unknown',
      source: 'status_only',
      platform: PLATFORM,
      stage: 'create',
      httpStatus: answer.status,
      externalText: `${said}. The site is asked before anything else is sent.`,
      rawText: redact(`HTTP ${answer.status} ${bodyText(answer)}`, session.grant),
    }),
  };
}
