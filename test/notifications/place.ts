// A stage whose workspace is told of what happens, with a look for news when a test wants one.
import { randomUUID } from 'node:crypto';
import { desc } from 'drizzle-orm';
import { notifications } from '../../src/ledger/schema/notifications.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { SECRET } from './receiver.ts';

export const PAGES = 'https://oncepost.example';

/** The secrets of the channels below, for the worker. */
export const SECRETS = { ONCEPOST_NOTIFY_SECRET: SECRET, ONCEPOST_PUBLIC_URL: PAGES };

/** A webhook channel that takes these events, or all. */
export const webhook = (url: string, events?: readonly string[]) => ({
  kind: 'webhook',
  url,
  secret_env: 'ONCEPOST_NOTIFY_SECRET',
  ...(events ? { events } : {}),
});

/** Opens a stage with these channels. */
export function openTold(
  channels: Readonly<Record<string, object>>,
  others: object = {},
  more: object = {},
): Promise<Stage> {
  return openStage({
    'notifications.private_addresses': true,
    'notifications.workspaces': { [WORKSPACE]: { channels, ...others } },
    ...more,
  });
}

/** One look for news, as the schedule starts it. */
export async function look(stage: Stage): Promise<void> {
  await stage.temporal.workflow.execute('notify', { taskQueue: stage.taskQueue, workflowId: `notify/${randomUUID()}` });
}

/** Every message, newest first. */
export function messages({ context }: Stage) {
  return context.ledger.db.select().from(notifications).orderBy(desc(notifications.createdAt), desc(notifications.id));
}

/** Waits until no message waits for its first try. */
export async function settled(stage: Stage): Promise<void> {
  await until('every message was tried', async () => (await messages(stage)).every(({ tries }) => tries > 0));
}
