// Whether a post that may have been sent is live (platform reference 2.4): the container knows whether it was
// published, the account's list knows under which id.
import { LiveUnnamed, type Look, type PlatformSession, type SentIntent, StepUnanswered } from '../contract.ts';
import { GraphRefused } from '../meta/refusal.ts';
import { readMarkers } from './markers.ts';
import { listedSince, matchMedia } from './match.ts';
import { listMedia } from './media-list.ts';
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

/** Looks once. @throws StepRefused | StepUnanswered when it could not be read or does not tell yet; never `missing` then. */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const markers = readMarkers(intent.markers);
  if (markers === undefined) throw new StepUnanswered('reconcile', 'the intent does not say which container was sent');
  const status = await readable(statusOf(session, markers.containerId));
  const listed = await readable(listMedia(session, listedSince(intent), 'reconcile'));
  const match = matchMedia(listed, markers, intent);
  const proof = PROVES[status];
  if (proof === 'unsettled') throw new StepUnanswered('reconcile', 'the container is still being worked on');
  if (proof === 'unpublished' && match) {
    throw new StepUnanswered('reconcile', 'the container says unpublished, and the account shows a post just like it');
  }
  if (proof === 'published' && !match) {
    throw new LiveUnnamed('reconcile', 'the container is published, but its post is not in the account’s list yet');
  }
  return match
    ? { kind: 'live', platformPostId: match.id, url: match.permalink }
    : { kind: 'missing', coverage: { kind: 'by_key' } };
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
