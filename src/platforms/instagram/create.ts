// The point of no return: `media_publish` of the prepared container, and what its answer means (platform reference
// 2.2 and 2.5).

import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { CreateReading, HttpCreate } from '../create-and-look.ts';
import { graphPost } from '../meta/graph-call.ts';
import { type Refusal, refusalIn } from '../meta/refusal.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { savedContainer } from './container-record.ts';
import { INSTAGRAM } from './errors.ts';
import { madeFromPost } from './made-from.ts';
import { markersOf } from './markers.ts';
import { ownCause } from './own-cause.ts';
import { PUBLISHED_SLOT } from './plan.ts';
import { isGone, isServiceTrouble, isTooEarly, repeatedCause, saysDuplicate } from './refusals.ts';
import { createdSchema } from './wire.ts';

/** Builds the call. @throws StepUnanswered when no container of this version of the post is prepared. */
export function create(session: PlatformSession): HttpCreate {
  const container = savedContainer(session, { slot: PUBLISHED_SLOT, madeFrom: madeFromPost(session.post) });
  if (container === undefined) {
    throw new StepUnanswered('create', 'no container is prepared for this version of the post');
  }
  const path = `/${encodeURIComponent(session.account.remoteId)}/media_publish`;
  return {
    request: graphPost(session, path, { creation_id: container.id }),
    markers: markersOf(session.post.content, container.id),
  };
}

/** Reads a complete answer. Only a refusal that Instagram itself words, and that is not known to lie, is a failure. */
export function readCreate(answer: HttpAnswer, session: PlatformSession): CreateReading {
  if (answer.status >= 200 && answer.status < 300) return readSuccess(answer, session);
  const refusal = refusalIn(INSTAGRAM, answer, 'create', session);
  if (isDefinite(refusal)) return { kind: 'refused', cause: refusal.cause, ...(refusal.app ? { app: true } : {}) };
  if (saysDuplicate(refusal)) {
    return { kind: 'unclear', cause: refusal.cause, ifAbsent: refusal.cause, duplicate: true };
  }
  if (!passesByItself(refusal, answer)) return { kind: 'unclear', cause: refusal.cause, ifAbsent: refusal.cause };
  return { kind: 'unclear', cause: refusal.cause, lastly: repeatedCause(refusal) };
}

function readSuccess(answer: HttpAnswer, session: PlatformSession): CreateReading {
  const read = createdSchema.safeParse(bodyJson(answer));
  if (read.success) return { kind: 'live', platformPostId: read.data.id };
  const text = 'Instagram answered the publish in a shape nobody knows; the post may be live.';
  const rawText = redact(bodyText(answer), session.grant);
  return { kind: 'unclear', cause: ownCause('unknown', 'create', text, { rawText, httpStatus: answer.status }) };
}

/**
 * Worded by Instagram and not known to lie. What it calls transient itself is trouble of its own, which says nothing of
 * how far the call came; throttles and refusals of the app are met before anything happens.
 */
function isDefinite({ worded, lies, transient, app, cause }: Refusal): boolean {
  return worded && !lies && (app || !transient || cause.code === 'rate_limited');
}

/**
 * Refusals after which the table says to try again: too early, a container not seen yet, the service's own trouble.
 * The reconcile comes first; then the preparation polls the container again, or makes a new one.
 */
function passesByItself(refusal: Refusal, answer: HttpAnswer): boolean {
  return (
    isTooEarly(refusal) ||
    isGone(refusal) ||
    isServiceTrouble(refusal) ||
    refusal.transient ||
    refusal.subcode === '2207001' ||
    answer.status === 408
  );
}
