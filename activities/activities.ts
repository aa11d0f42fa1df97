// The activities a worker offers, made over one context.
import type { NotifyingContext } from '../src/notifications/context.ts';
import type { StageDoors } from '../src/pipeline/context.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { answerMessageActivity } from './answer-message.ts';
import { answerRunActivity } from './answer-run.ts';
import { checkHandoffActivity } from './check-handoff.ts';
import { deliverDueActivity } from './deliver-due.ts';
import { dropUnusedMediaActivity } from './drop-unused-media.ts';
import { exportProofActivity, giveUpProofActivity } from './export-proof.ts';
import { foreseeTonightActivity } from './foresee-tonight.ts';
import { lookAtPostActivity } from './look-at-post.ts';
import { lookForNewsActivity } from './look-for-news.ts';
import { publishActivity } from './publish.ts';
import { readStateActivity } from './read-state.ts';
import { runBatchActivity } from './run-batch.ts';
import { readRunActivity, runStageActivity } from './run-stage.ts';
import { sendReportActivity } from './send-report.ts';
import { sweepActivity } from './sweep.ts';
import { takeInActivity } from './take-in.ts';
import { takeInRunActivity } from './take-in-run.ts';
import { tellRunsActivity } from './tell-runs.ts';

export function createActivities(context: PublishingContext, notifying: NotifyingContext, stages: StageDoors) {
  return {
    publish: publishActivity(context),
    takeIn: takeInActivity(context),
    answerMessage: answerMessageActivity(context),
    readState: readStateActivity(context),
    takeInRun: takeInRunActivity(context),
    readRun: readRunActivity(context),
    answerRun: answerRunActivity(context),
    runStage: runStageActivity(context, stages),
    ...createRecoveryActivities(context, notifying, stages),
  };
}

/** Those of the recovery queue. Runs that began before there was one ask for them on the publish queue. */
export function createRecoveryActivities(context: PublishingContext, notifying: NotifyingContext, stages: StageDoors) {
  return {
    sweep: sweepActivity(context),
    tellRuns: tellRunsActivity(context),
    foreseeTonight: foreseeTonightActivity(context),
    lookForNews: lookForNewsActivity(notifying),
    deliverDue: deliverDueActivity(notifying),
    sendReport: sendReportActivity(notifying),
    exportProof: exportProofActivity(context),
    giveUpProof: giveUpProofActivity(context),
    runBatch: runBatchActivity(context),
    checkHandoff: checkHandoffActivity(context),
    lookAtPost: lookAtPostActivity(context, stages),
    dropUnusedMedia: dropUnusedMediaActivity(context),
  };
}
export type Activities = ReturnType<typeof createActivities>;
