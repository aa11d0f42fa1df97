// Starts the workflow of a schedule that was taken in: the same for the API, the sweep and every other door of ours.
import type { Client, Workflow, WorkflowStartOptions } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { asKeyword, SEARCH_ATTRIBUTES } from '../../domain/temporal/search-attributes.ts';
import { toPlainText } from '../../domain/text/plain-text.ts';
import { markWorkflowStarted } from '../../ledger/schedules/schedules.ts';
import type { PublishingContext } from '../context.ts';

export interface PublishToStart extends ScheduleKey {
  readonly workflowId: string;
  readonly publishAt: Date;
  readonly platform: string;
  readonly accountName: string;
  /** What its media weigh together, where the caller knows; the worker finds out otherwise. */
  readonly mediaBytes?: number;
}

/** Temporal takes 400 bytes of summary; a character may have four. */
const SUMMARY_CHARS = 100;

/** The options by which every door of ours starts a publish; a start of what already runs finds the running one. */
export function publishStartOptions(
  context: Pick<PublishingContext, 'ledger' | 'settings'>,
  wanted: PublishToStart,
): WorkflowStartOptions<Workflow> {
  const delayMs = wanted.publishAt.getTime() - context.ledger.clock.now().getTime();
  const large = (wanted.mediaBytes ?? 0) >= context.settings.taskQueues.media.fromBytes;
  const keyword = (name: string, value: string) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value });
  return {
    workflowId: wanted.workflowId,
    taskQueue: context.settings.taskQueues.publish.name,
    args: [{ scheduleId: wanted.scheduleId, ...(large ? { largeMedia: true } : {}) }],
    // Between workspaces the server deals fairly, where it was told to.
    priority: { fairnessKey: wanted.workspaceId },
    workflowIdConflictPolicy: 'USE_EXISTING',
    // A closed run may be followed by another: the ledger, not the workflow id, is what keeps a post from going out twice.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    // A start delay costs no event and no action, a timer five and one.
    ...(delayMs > 0 ? { startDelay: delayMs } : {}),
    typedSearchAttributes: [
      keyword(SEARCH_ATTRIBUTES.platform, wanted.platform),
      keyword(SEARCH_ATTRIBUTES.account, asKeyword(wanted.accountName)),
      keyword(SEARCH_ATTRIBUTES.workspace, wanted.workspaceId),
    ],
    staticSummary: toPlainText(`${wanted.platform}: ${wanted.accountName}`, SUMMARY_CHARS),
    staticDetails: `Schedule \`${wanted.scheduleId}\`, due ${wanted.publishAt.toISOString()}.`,
  };
}

/** Starts the workflow, delayed until its time, and remembers that it was started. */
export async function startPublish(
  client: Client,
  context: Pick<PublishingContext, 'ledger' | 'settings'>,
  wanted: PublishToStart,
): Promise<void> {
  await client.workflow.start('publish', publishStartOptions(context, wanted));
  await markWorkflowStarted(context.ledger, wanted);
}
