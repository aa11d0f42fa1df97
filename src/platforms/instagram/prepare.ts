// The preparation of a post: quota, containers, and the pause that publishing needs. Repeatable and invisible.

import { ofMediaItem } from '../media-item.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { ageMs, type ContainerRecord } from './container-record.ts';
import { ensureContainer, readyContainer } from './containers.ts';
import { refuseWhenFormerIsLive } from './former-containers.ts';
import { ownCause } from './own-cause.ts';
import { type ContainerSpec, type PostPlan, planOf } from './plan.ts';
import { refuseWhenQuotaIsSpent } from './quota.ts';

/** Publishing within seconds of the creation is refused as too early, even after FINISHED was seen (reference 2.2). */
const SETTLE_MS = 3_000;

/** Brings the container that will be published to FINISHED. @throws StepRefused | StepUnanswered | AlreadyLive */
export async function prepare(session: PlatformSession): Promise<void> {
  const plan = planOf(session.post);
  if (plan === undefined) {
    throw new StepRefused(ownCause('media_invalid', 'media', 'Instagram takes no post without media.'));
  }
  await refuseWhenFormerIsLive(session);
  await refuseWhenQuotaIsSpent(session);
  const container = await readyPost(session, plan, session.now());
  const youngMs = SETTLE_MS - ageMs(session, container);
  if (youngMs > 0) await session.wait(youngMs);
}

function readyPost(session: PlatformSession, plan: PostPlan, passStartedAt: Date): Promise<ContainerRecord> {
  if (plan.shape !== 'carousel') return readyContainer(session, plan.single, passStartedAt);
  return readyContainer(
    session,
    plan.parent(() => readyChildren(session, plan.children, passStartedAt)),
    passStartedAt,
  );
}

/** All children are made before the first is awaited: Instagram works on them side by side. */
async function readyChildren(
  session: PlatformSession,
  specs: readonly ContainerSpec[],
  passStartedAt: Date,
): Promise<string[]> {
  for (const spec of specs) await ofItem(spec, ensureContainer(session, spec));
  const ids: string[] = [];
  for (const spec of specs) ids.push((await ofItem(spec, readyContainer(session, spec, passStartedAt))).id);
  return ids;
}

/** What is refused of a child says which of the media it was. */
function ofItem<Value>({ mediaItem }: ContainerSpec, step: Promise<Value>): Promise<Value> {
  return mediaItem === undefined ? step : ofMediaItem(mediaItem, step);
}
