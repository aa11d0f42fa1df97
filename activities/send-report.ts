// The activity `sendReport`: composes one morning report and queues it for its channels.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { z } from 'zod';
import type { NotifyingContext } from '../src/notifications/context.ts';
import { type ReportDue, sendReport } from '../src/notifications/report.ts';

const dueSchema = z.object({ workspace: z.string(), key: z.string() });

/** Makes the activity. Error: `InvalidReport` (final). */
export function sendReportActivity(context: NotifyingContext) {
  return async function sendReportOnce(given: ReportDue): Promise<void> {
    const due = dueSchema.safeParse(given);
    if (!due.success) throw ApplicationFailure.nonRetryable('This names no workspace.', 'InvalidReport');
    await sendReport(context, Context.current().client, due.data);
  };
}
