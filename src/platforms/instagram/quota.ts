// The daily publishing quota, read before anything is made (platform reference 2.6: the documented numbers disagree,
// so the account is asked). A spent quota is a wait; a quota that cannot be read is nobody's concern.
import { bodyJson } from '../../transport/exchange.ts';
import { graphGet } from '../meta/graph-call.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { listMedia } from './media-list.ts';
import { ownCause } from './own-cause.ts';
import { quotaResumeInstant } from './rate-limit.ts';
import { quotaSchema } from './wire.ts';

interface Quota {
  readonly used: number;
  readonly total: number;
  readonly windowMs: number;
}

/** @throws StepRefused with `rate_limited` and the instant at which the oldest post leaves the quota's window. */
export async function refuseWhenQuotaIsSpent(session: PlatformSession): Promise<void> {
  const quota = await readQuota(session);
  if (quota === null || quota.used < quota.total) return;
  const publishedAt = await publishedSince(session, new Date(session.now().getTime() - quota.windowMs));
  const resumeAt = quotaResumeInstant(publishedAt, quota.used - quota.total + 1, quota.windowMs, session.now());
  const text = `Instagram's publishing quota is used up: ${quota.used} of ${quota.total} posts.`;
  throw new StepRefused(ownCause('rate_limited', 'gate', text, { resumeAt: resumeAt.toISOString(), window: 'create' }));
}

/** Asked once. Whatever keeps it from being read meets the next call too, which names it at its own stage. */
async function readQuota(session: PlatformSession): Promise<Quota | null> {
  const path = `/${encodeURIComponent(session.account.remoteId)}/content_publishing_limit`;
  const exchange = await session.call(graphGet(session, path, { fields: 'quota_usage,config' }));
  if (exchange.kind !== 'answer' || exchange.status !== 200) return null;
  const read = quotaSchema.safeParse(bodyJson(exchange));
  if (!read.success) return null;
  const [{ quota_usage: used, config }] = read.data.data;
  return { used, total: config.quota_total, windowMs: config.quota_duration * 1_000 };
}

/** Instants of the account's posts in the window; none when the list cannot be read. */
async function publishedSince(session: PlatformSession, since: Date): Promise<Date[]> {
  try {
    const { media } = await listMedia(session, since, 'gate');
    return media.flatMap(({ timestamp }) => timestamp ?? []);
  } catch (error) {
    if (error instanceof StepRefused || error instanceof StepUnanswered) return [];
    throw error;
  }
}
