// Why a post is not published although WordPress refused nothing: what is there, in one sentence for whoever must decide.
import { type Cause, cause, type Stage } from '../../domain/causes/causes.ts';
import { AlreadyLive, StepRefused } from '../step-errors.ts';
import { PLATFORM } from './errors.ts';

/** `why` says what is in the way and what to do next. */
export function notPublished(stage: Stage, why: string): StepRefused {
  return new StepRefused(causeOf(stage, `Nothing was published. ${why}`));
}

/** A look met something that only a person can decide about. */
export function undecided(why: string): StepRefused {
  return new StepRefused(causeOf('reconcile', why));
}

/** The post is live in another form than it would be published now. */
export function alreadyLive(why: string): AlreadyLive {
  return new AlreadyLive(causeOf('parent', why));
}

function causeOf(stage: Stage, externalText: string): Cause {
  return cause({
    code: 'publish_failed',
    source: 'status_only',
    platform: PLATFORM,
    stage,
    externalText,
    rawText: externalText,
  });
}
