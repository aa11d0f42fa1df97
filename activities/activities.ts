// The activities a worker offers, made over one context.
import type { PublishingContext } from '../src/publishing/context.ts';
import { answerMessageActivity } from './answer-message.ts';
import { publishActivity } from './publish.ts';
import { readStateActivity } from './read-state.ts';
import { sweepActivity } from './sweep.ts';
import { takeInActivity } from './take-in.ts';

export function createActivities(context: PublishingContext) {
  return {
    publish: publishActivity(context),
    takeIn: takeInActivity(context),
    answerMessage: answerMessageActivity(context),
    readState: readStateActivity(context),
    sweep: sweepActivity(context),
  };
}
export type Activities = ReturnType<typeof createActivities>;
