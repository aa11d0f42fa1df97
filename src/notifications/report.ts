// The morning report as it is told: composed when its hour has come, and queued for the channels that take it.

import type { Client } from '@temporalio/client';
import { reportNews } from '../domain/notifications/report.ts';
import { keepReport, lastReported } from '../ledger/notifications/reports.ts';
import { findWorkspace } from '../ledger/workspaces/workspaces.ts';
import { morningReport } from '../recovery/morning-report.ts';
import type { NotifyingContext } from './context.ts';
import { deliveriesOf } from './follow.ts';
import { wakeDelivery } from './wake-deliveries.ts';

/** Where there was none before, a report tells of so long. */
const FIRST_SPAN_MS = 24 * 3_600_000;

export interface ReportDue {
  readonly workspace: string;
  /** Of this one report, the same however often it is tried. */
  readonly key: string;
}

/** Composes and queues the report of a workspace since the one before it. */
export async function sendReport(
  context: NotifyingContext,
  client: Client,
  { workspace, key }: ReportDue,
): Promise<void> {
  const { ledger, channels } = context;
  const known = await findWorkspace(ledger, workspace);
  const own = channels.get(workspace);
  if (known === null || own === undefined) return;
  const { id: workspaceId, name: workspaceName } = known;
  const last = await lastReported(ledger, workspaceId);
  const since = last?.until ?? new Date(ledger.clock.now().getTime() - FIRST_SPAN_MS);
  const report = await morningReport(ledger, { workspaceId, workspaceName, since });
  const deliveries = deliveriesOf([reportNews(report, key)], own);
  await keepReport(ledger, { workspaceId, from: since, until: new Date(report.until), deliveries });
  for (const { channel } of deliveries) await wakeDelivery(context, client, { workspaceId, channel });
}
