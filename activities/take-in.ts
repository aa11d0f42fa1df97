// The activity `takeIn`: a post that arrived with a bare workflow start is taken in before anything else.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { SYSTEM_ACTOR } from '../src/domain/people/actor.ts';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import type { ScheduleKey } from '../src/domain/schedules/schedule-key.ts';
import { scheduleIdSchema } from '../src/domain/schedules/schedule-request.ts';
import { readPublishWorkflowId } from '../src/domain/temporal/workflow-id.ts';
import { isDatabaseDown } from '../src/ledger/database/database.ts';
import { readResult } from '../src/ledger/schedules/result.ts';
import { markWorkflowStarted } from '../src/ledger/schedules/schedules.ts';
import { workspaceIdOf } from '../src/ledger/workspaces/workspaces.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { readRequest, takeIn as takeInPost } from '../src/publishing/intake/intake.ts';
import { IntakeRefused } from '../src/publishing/intake/intake-refused.ts';
import { foreseeAtIntake } from '../src/publishing/tonight/at-intake.ts';

/** Within a few seconds, as local activities are repeated. */
const MEDIA_TRIES = 4;
const FAULT =
  'Oncepost met a fault of its own while taking the post in; nothing was published. Look at the log, then start it again.';

/**
 * Makes the activity. Takes whatever stood under `schedule` and answers where the ledger stands. It may run twice for
 * one start; while the database is down it is repeated by Temporal. Errors, both final: `IntakeRefused`, its details
 * the fields and limits that were not met, and `IntakeFault`.
 */
export function takeInActivity(context: PublishingContext) {
  return async function takeIn(schedule: unknown): Promise<PublishResult> {
    try {
      const key = await takeInBare(context, schedule, Context.current().info.workflowExecution?.workflowId ?? '');
      await markWorkflowStarted(context.ledger, key);
      return await readResult(context.ledger, key);
    } catch (error) {
      if (isDatabaseDown(error)) throw error;
      if (!(error instanceof IntakeRefused)) {
        context.log.error({ err: error }, 'a post could not be taken in');
        throw ApplicationFailure.nonRetryable(FAULT, 'IntakeFault');
      }
      // A media host that is away for a moment: Temporal asks again a few times before the start has failed.
      const nonRetryable = error.code !== 'media_unreachable' || Context.current().info.attempt >= MEDIA_TRIES;
      const details = [{ code: error.code, problems: error.problems }];
      throw ApplicationFailure.create({ message: error.message, type: 'IntakeRefused', nonRetryable, details });
    }
  };
}

async function takeInBare(context: PublishingContext, schedule: unknown, workflowId: string): Promise<ScheduleKey> {
  const { ledger } = context;
  const named = readPublishWorkflowId(workflowId);
  if (!named || named.workspaceName === null || !scheduleIdSchema.safeParse(named.scheduleId).success) {
    throw new IntakeRefused('invalid_schedule', [
      {
        field: 'workflow id',
        problem:
          'must be publish/<workspace>/<schedule id>: the name of the workspace, and an id of 1 to 128 letters, digits, dots, dashes or underscores that begins with a letter or digit',
      },
    ]);
  }
  const { workspaceName, scheduleId } = named;
  const request = readRequest(schedule);
  if (request.id !== undefined && request.id !== scheduleId) {
    throw new IntakeRefused('invalid_schedule', [
      { field: 'id', problem: `must equal the "${scheduleId}" of the workflow id` },
    ]);
  }
  const workspaceId = await workspaceIdOf(ledger, workspaceName);
  if (workspaceId === null) {
    throw new IntakeRefused('unknown_workspace', [
      { field: 'workflow id', problem: `names the workspace "${workspaceName}", which does not exist` },
    ]);
  }
  if (request.workspace !== undefined && request.workspace !== workspaceName && request.workspace !== workspaceId) {
    throw new IntakeRefused('invalid_schedule', [
      { field: 'workspace', problem: `must equal the "${workspaceName}" of the workflow id` },
    ]);
  }
  const actor = { ...SYSTEM_ACTOR, type: 'SELF_DECLARED', id: 'temporal', label: 'a workflow start' } as const;
  const taken = await takeInPost({ ...context, workspaceId, actor, fallbackId: scheduleId }, request);
  await foreseeAtIntake(context, { ...taken, workspaceId });
  return { workspaceId, scheduleId };
}
