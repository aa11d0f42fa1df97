// Which schedule an activity is about. The workflow knows a schedule's id alone, which is its workspace's own; the
// workspace stands in the workflow's id.
import { Context } from '@temporalio/activity';
import type { ScheduleKey } from '../src/domain/schedules/schedule-key.ts';
import { readPublishWorkflowId } from '../src/domain/temporal/workflow-id.ts';
import { UnknownSchedule } from '../src/ledger/attempts/open-attempt.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { findByWorkflow } from '../src/ledger/schedules/schedules.ts';
import { workspaceIdOf } from '../src/ledger/workspaces/workspaces.ts';

/** The schedule of this id that the running activity's workflow publishes. @throws UnknownSchedule */
export async function scheduleOf(ledger: Ledger, scheduleId: string): Promise<ScheduleKey> {
  const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
  const workspaceName = readPublishWorkflowId(workflowId)?.workspaceName ?? null;
  // Runs that version 0.1 started name no workspace.
  if (workspaceName === null) return known(await findByWorkflow(ledger, workflowId), scheduleId);
  const workspaceId = await workspaceIdOf(ledger, workspaceName);
  return known(workspaceId === null ? null : { workspaceId, scheduleId }, scheduleId);
}

function known(key: ScheduleKey | null, scheduleId: string): ScheduleKey {
  if (!key) throw new UnknownSchedule(scheduleId);
  return key;
}
