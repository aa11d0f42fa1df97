// Refusals in our own words: what stands in the way on the site, and that nothing was overwritten.
import { type Cause, cause, type Stage } from '../../domain/causes/causes.ts';
import type { StandingPage } from '../contract.ts';
import { AlreadyLive, StepRefused } from '../step-errors.ts';
import { PLATFORM } from './errors.ts';
import type { GhostPost } from './wire.ts';

/** Another page has the slug. */
export function heldByOther({ title, status, slug, url }: StandingPage): StepRefused {
  const what = status === 'published' ? `The page "${title}" at ${url ?? slug}` : `An unpublished page "${title}"`;
  return refused(
    `${what} already has the address "${slug}", so this post was not published and nothing was overwritten; choose another slug, or free that one in Ghost, then replay it.`,
  );
}

/** No page is seen under the slug, and Ghost gave another all the same. */
export function heldByGhost(wanted: string, given: string): StepRefused {
  return refused(
    `Ghost does not give the address "${wanted}" to a post (it would have been "${given}"), so this post was not published; choose another slug, then replay it.`,
  );
}

/** The draft is not as we made it. */
export function changedByOthers({ title, status }: GhostPost): StepRefused {
  const how = status === 'scheduled' ? 'was scheduled in Ghost' : 'was changed in Ghost';
  return refused(
    `The draft "${title}" of this post ${how} after Oncepost made it, so it was neither published nor overwritten; delete it in Ghost, or publish it there and resolve this post as live, then replay it.`,
  );
}

/** A post of this schedule is live that nobody here has published. */
export function alreadyLive({ id, url }: GhostPost): AlreadyLive {
  return new AlreadyLive(
    ownCause(
      'parent',
      `Ghost already shows this post, as ${id} at ${url ?? 'an address it does not tell'}, and it was not published from here. Nothing more was sent; look at it, then resolve this post as live.`,
    ),
  );
}

/** A post carries our mark, and stands neither under an id that we hold nor under our slug. */
export function likeness({ id, url }: GhostPost): StepRefused {
  return refused(
    `A published post carries the mark of this one under another address, ${url ?? id}; it may be a copy that somebody made. Nothing was overwritten.`,
    'reconcile',
  );
}

export function refusedAs(refusal: Cause): StepRefused {
  return new StepRefused(refusal);
}

function refused(externalText: string, stage: Stage = 'parent'): StepRefused {
  return new StepRefused(ownCause(stage, externalText));
}

/** A cause that Ghost did not word. */
export function ownCause(stage: Stage, externalText: string, code: Cause['code'] = 'publish_failed'): Cause {
  return cause({ code, source: 'status_only', platform: PLATFORM, stage, externalText, rawText: externalText });
}
