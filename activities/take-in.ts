// The activity `takeIn`: a post that arrived with a bare workflow start is taken in before anything else.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { SYSTEM_ACTOR } from '../src/domain/people/actor.ts';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { scheduleIdSchema } from '../src/domain/schedules/schedule-request.ts';
import { isDatabaseDown } from '../src/ledger/database/database.ts';
import { readResult } from '../src/ledger/schedules/result.ts';
import { findWorkspace, markWorkflowStarted } from '../src/ledger/schedules/schedules.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { readRequest, takeIn as takeInPost } from '../src/publishing/intake/intake.ts';
import { IntakeRefused } from '../src/publishing/intake/intake-refused.ts';

const WORKFLOW_ID = /^publish\/(.+)$/;
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
      const scheduleId = await takeInBare(
        context,
        schedule,
        Context.current().info.workflowExecution?.workflowId ?? '',
      );
      await markWorkflowStarted(context.ledger, scheduleId);
      return await readResult(context.ledger, scheduleId);
    } catch (error) {
      if (isDatabaseDown(error)) throw error;
      if (!(error instanceof IntakeRefused)) {
        context.log.error({ err: error }, 'a post could not be taken in');
        throw ApplicationFailure.nonRetryable(FAULT, 'IntakeFault');
      }
      throw ApplicationFailure.nonRetryable(error.message, 'IntakeRefused', {
        code: error.code,
        problems: error.problems,
      });
    }
  };
}

async function takeInBare(
  { ledger, platforms }: PublishingContext,
  schedule: unknown,
  workflowId: string,
): Promise<string> {
  const id = WORKFLOW_ID.exec(workflowId)?.[1];
  if (id === undefined || !scheduleIdSchema.safeParse(id).success) {
    throw new IntakeRefused('invalid_schedule', [
      {
        field: 'workflow id',
        problem:
          'must be publish/<schedule id>, the id 1 to 128 letters, digits, dots, dashes or underscores that begin with a letter or digit',
      },
    ]);
  }
  const request = readRequest(schedule);
  if (request.id !== undefined && request.id !== id) {
    throw new IntakeRefused('invalid_schedule', [
      { field: 'id', problem: `must equal the "${id}" of the workflow id` },
    ]);
  }
  if (request.workspace === undefined) {
    throw new IntakeRefused('invalid_schedule', [
      { field: 'workspace', problem: 'is missing: a bare workflow start must name the workspace of the account' },
    ]);
  }
  const workspace = await findWorkspace(ledger, request.workspace);
  if (!workspace) {
    throw new IntakeRefused('unknown_workspace', [
      { field: 'workspace', problem: `"${request.workspace}" does not exist` },
    ]);
  }
  const actor = { ...SYSTEM_ACTOR, type: 'SELF_DECLARED', id: 'temporal', label: 'a workflow start' } as const;
  const taken = await takeInPost({ ledger, platforms, workspaceId: workspace.id, actor, fallbackId: id }, request);
  return taken.scheduleId;
}
