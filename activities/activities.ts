// The activities a worker offers, made over one context.
import type { PublishingContext } from '../src/publishing/context.ts';
import { answerMessageActivity } from './answer-message.ts';
import { checkHandoffActivity } from './check-handoff.ts';
import { dropUnusedMediaActivity } from './drop-unused-media.ts';
import { publishActivity } from './publish.ts';
import { readStateActivity } from './read-state.ts';
import { sweepActivity } from './sweep.ts';
import { takeInActivity } from './take-in.ts';
import { tellRunsActivity } from './tell-runs.ts';

export function createActivities(context: PublishingContext) {
  return {
    publish: publishActivity(context),
    takeIn: takeInActivity(context),
    answerMessage: answerMessageActivity(context),
    readState: readStateActivity(context),
    ...createRecoveryActivities(context),
  };
}

/** Those of the recovery queue. Runs that began before there was one ask for them on the publish queue. */
export function createRecoveryActivities(context: PublishingContext) {
  return {
    sweep: sweepActivity(context),
    tellRuns: tellRunsActivity(context),
    checkHandoff: checkHandoffActivity(context),
    dropUnusedMedia: dropUnusedMediaActivity(context),
  };
}
export type Activities = ReturnType<typeof createActivities>;
