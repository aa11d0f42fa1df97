// The containers of this post that an earlier create may have published and that were replaced since: gone for a while,
// expired, or made from another caption. However their create came to be called absent, each is asked again before
// another one leaves (law 4), across reschedules and changes of the post.
import { z } from 'zod';
import { GraphRefused } from '../meta/refusal.ts';
import type { PlatformSession } from '../sessions.ts';
import { AlreadyLive } from '../step-errors.ts';
import { recordIn, savedContainer } from './container-record.ts';
import { madeFromPost } from './made-from.ts';
import { readMarkers } from './markers.ts';
import { ownCause } from './own-cause.ts';
import { PUBLISHED_SLOT } from './plan.ts';
import { askContainer } from './poll.ts';
import { isGone } from './refusals.ts';

const FORMER_SLOT = 'former_containers';
const formerSchema = z.array(z.string().min(1)).catch([]);

/** Remembers a container that an earlier pass may have sent, before another takes its place. */
export async function keepFormer(session: PlatformSession, containerId: string): Promise<void> {
  const known = formerSchema.parse(session.remote.get(FORMER_SLOT));
  if (!known.includes(containerId)) await session.remote.save(FORMER_SLOT, [...known, containerId]);
}

/** @throws AlreadyLive when one of them is published; StepRefused | StepUnanswered when one cannot be asked now. */
export async function refuseWhenFormerIsLive(session: PlatformSession): Promise<void> {
  for (const containerId of formerContainers(session)) {
    if (await isPublished(session, containerId)) throw alreadyPublished();
  }
}

/** All that may have been sent, but for the one in use, which the preparation asks anyway. */
function formerContainers(session: PlatformSession): string[] {
  const { post, remote } = session;
  const inUse = savedContainer(session, { slot: PUBLISHED_SLOT, madeFrom: madeFromPost(post) })?.id;
  const sent = [
    readMarkers(post.firstCreate?.markers ?? {})?.containerId,
    ...formerSchema.parse(remote.get(FORMER_SLOT)),
    recordIn(session, PUBLISHED_SLOT)?.id,
  ];
  return [...new Set(sent)].flatMap((id) => (id === undefined || id === inUse ? [] : [id]));
}

/** One that is gone says nothing; the looks at its create have decided. */
async function isPublished(session: PlatformSession, containerId: string): Promise<boolean> {
  try {
    return (await askContainer(session, containerId, 'reconcile')).status_code === 'PUBLISHED';
  } catch (error) {
    if (error instanceof GraphRefused && isGone(error.refusal)) return false;
    throw error;
  }
}

/**
 * Met only when a reconcile, or a person, called the post absent and Instagram disagrees. A new container would make
 * a second post, so the publish stops here.
 */
export function alreadyPublished(): AlreadyLive {
  return new AlreadyLive(
    ownCause(
      'unknown',
      'reconcile',
      'Instagram says this post’s container is already published, although the post was thought absent. Nothing more was ' +
        'sent. Look at the account, then resolve the publish.',
    ),
  );
}
