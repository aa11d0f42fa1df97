// Whether a post that may have been sent is live (platform reference 2.4): the container knows whether it was
// published, the account's list knows under which id.
import { covers } from '../../domain/reconcile/absence.ts';
import type { Coverage, Look, SentIntent } from '../create-and-look.ts';
import { GraphRefused } from '../meta/refusal.ts';
import type { PlatformSession } from '../sessions.ts';
import { LiveUnnamed, StepUnanswered } from '../step-errors.ts';
import { coverageOf, isUntold } from './coverage.ts';
import { type Markers, readMarkers } from './markers.ts';
import { inOurTime, likeOurs, listedSince, matchMedia } from './match.ts';
import { countMedia, listMedia, type MediaList } from './media-list.ts';
import { askContainer } from './poll.ts';
import { isGone } from './refusals.ts';
import type { ContainerStatus } from './wire.ts';

type Status = ContainerStatus['status_code'] | 'GONE';

/**
 * What a container's status proves together with the list.
 * - `published`: live; without a match its id cannot be told yet
 * - `unpublished`: not live; a match must be somebody else's, or the status lags, so it cannot be told yet
 * - `unsettled`: still being worked on
 * - `silent`: the container says nothing (any more); the list alone decides
 */
const PROVES = {
  PUBLISHED: 'published',
  FINISHED: 'unpublished',
  IN_PROGRESS: 'unsettled',
  ERROR: 'silent',
  EXPIRED: 'unpublished',
  GONE: 'silent',
} as const satisfies Record<Status, string>;

/**
 * Looks once. @throws StepRefused | StepUnanswered when it could not be read or does not tell yet, and when it shows what
 * may be ours; never `missing` then (law 4).
 */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const markers = readMarkers(intent.markers);
  if (markers === undefined) throw new StepUnanswered('reconcile', 'the intent does not say which container was sent');
  const proof = PROVES[await readable(statusOf(session, markers.containerId))];
  if (proof === 'unsettled') throw new StepUnanswered('reconcile', 'the container is still being worked on');
  const list = await readList(session, intent, proof === 'published');
  const match = matchMedia(list.media, markers, intent);
  if (match && proof !== 'unpublished') {
    return { kind: 'live', platformPostId: match.id, url: match.permalink ?? undefined };
  }
  if (proof === 'published') {
    throw new LiveUnnamed('reconcile', 'the container is published, but its post is not in the account’s list yet');
  }
  const like = match ?? likeOurs(list.media, markers, intent);
  if (like) throw new StepUnanswered('reconcile', `the account shows a post that may be this one (${like.id})`);
  const coverage = proof === 'unpublished' ? BY_CONTAINER : await seen(session, list, markers, intent);
  return { kind: 'missing', coverage };
}

/** Whatever becomes of the list: what the container says to be published is live. */
async function readList(session: PlatformSession, intent: SentIntent, isPublished: boolean): Promise<MediaList> {
  try {
    return await readable(listMedia(session, listedSince(intent), 'reconcile'));
  } catch (error) {
    if (!isPublished || !(error instanceof StepUnanswered)) throw error;
    throw new LiveUnnamed(
      'reconcile',
      `the container is published, but the account’s list could not be read (${error.message})`,
    );
  }
}

/** The container itself says that it was never published. The protocol asks twice, after the status had time to settle. */
const BY_CONTAINER = { kind: 'by_key' } as const satisfies Coverage;

/** The container is silent: what the list alone has seen. @throws StepUnanswered when that does not prove an absence */
async function seen(
  session: PlatformSession,
  list: MediaList,
  markers: Markers,
  intent: SentIntent,
): Promise<Coverage> {
  if (inOurTime(list.media, intent).some((media) => isUntold(media, markers))) {
    throw new StepUnanswered('reconcile', 'the account’s list lacks what this post would be known by');
  }
  const isEmpty = list.media.length === 0 && (await readable(countMedia(session))) === 0;
  const coverage = isEmpty ? ({ kind: 'whole_list' } as const) : coverageOf(list);
  if (coverage && covers(coverage, { sentAt: intent.sentAt, keyed: false })) return coverage;
  throw new StepUnanswered(
    'reconcile',
    'the container says nothing, and the account’s list does not reach back far enough',
  );
}

/** Refusals that say why Instagram may not be asked. Any other is a read that failed, and is tried again later. */
const SAYS_WHY: ReadonlySet<string> = new Set([
  'rate_limited',
  'auth_expired',
  'auth_failed',
  'reconnect_required',
  'permissions_missing',
]);

async function readable<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof GraphRefused)) throw error;
    const { worded, lies, cause } = error.refusal;
    if (worded && SAYS_WHY.has(cause.bucket) && (!lies || cause.code === 'rate_limited')) throw error;
    throw new StepUnanswered('reconcile', cause.externalText);
  }
}

async function statusOf(session: PlatformSession, containerId: string): Promise<Status> {
  try {
    return (await askContainer(session, containerId, 'reconcile')).status_code;
  } catch (error) {
    if (error instanceof GraphRefused && isGone(error.refusal)) return 'GONE';
    throw error;
  }
}
