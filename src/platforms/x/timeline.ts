// Looks for our post on the account's timeline. It says `missing` only of a timeline that was read, whole and in order,
// back to before our post can have been made, or to the end of a short account (law 4).
import { z } from 'zod';
import type { Look, SentIntent } from '../create-and-look.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { postUrl } from './limits.ts';
import { findOurs, type Marks, type Window } from './match.ts';
import { optionsOf } from './options.ts';
import { coverageOf, readBack } from './timeline-pages.ts';

/** How much X's clock may be behind ours: a look that begins too late would call a live post missing. */
const EARLY_MS = 120_000;
/** How long after the send deadline a post of ours may still come to be. */
const LATE_MS = 3_600_000;

const markersSchema = z.object({
  text: z.string().optional().catch(undefined),
  mediaKeys: z.array(z.string()).default([]).catch([]),
});

/** Looks once. @throws StepRefused | StepUnanswered when the timeline proves neither that the post is live nor that it is not. */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const window: Window = {
    fromMs: intent.sentAt.getTime() - EARLY_MS,
    toMs: intent.sendDeadline.getTime() + LATE_MS,
  };
  const timeline = await readBack(session, window.fromMs);
  const ours = findOurs(timeline.posts, marksOf(session, intent), window, intent.takenPostIds);
  if (ours === 'unclear') {
    throw new StepUnanswered('reconcile', 'the timeline shows a post that may be ours and is not surely');
  }
  return ours
    ? { kind: 'live', platformPostId: ours.id, url: postUrl(ours.id) }
    : { kind: 'missing', coverage: coverageOf(timeline) };
}

function marksOf({ post }: PlatformSession, intent: SentIntent): Marks {
  const markers = markersSchema.parse(intent.markers);
  return {
    text: markers.text ?? post.content.text,
    hasMedia: post.content.media.length > 0,
    mediaKeys: markers.mediaKeys,
    replyTo: optionsOf(post.options).replyToPostId ?? null,
  };
}
