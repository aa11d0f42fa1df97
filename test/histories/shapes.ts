// Every shape a publish's history can take, each as the script that brings it about on a stage.
import { WORKSPACE, workflowIdOf } from '../harness/workflow-id.ts';
import { randomUUID } from 'node:crypto';
import { API_SCOPES } from '../../src/domain/api/api-scopes.ts';
import { askBatch } from '../../src/ledger/batches/batches.ts';
import { placeHold } from '../../src/ledger/holds/holds.ts';
import { approvals } from '../../src/ledger/schema/schedules.ts';
import { takeIn } from '../../src/publishing/intake/intake.ts';
import { decideVersion } from '../../src/publishing/reviews/decide-version.ts';
import { release } from '../../src/publishing/workflows/release-hold.ts';
import { startPublish } from '../../src/publishing/workflows/start-workflow.ts';
import { type Stage } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';
import {
  completeActivity,
  failActivity,
  pauseActivity,
  resetRun,
  startAgain,
  startWithSignal,
  terminateRun,
  unpauseActivity,
} from '../workflow/operator.ts';
import {
  ask,
  eventsOf,
  failedPublish,
  holdAccount,
  OLGA,
  openShop,
  REFUSAL,
  scheduleOf,
  someText,
  unconfirmedPublish,
  untilDeniable,
  untilMessages,
  untilState,
} from '../workflow/shop.ts';
import { RUN_SHAPES } from './run-shapes.ts';
import { refuseRows } from '../workflow/ledger-faults.ts';
import { talkUntilContinued } from '../workflow/short-history-server.ts';

/** Plays until the run has the shape, and answers which workflow it is, and which run where it is not the newest. */
type Play = (stage: Stage) => Promise<{ readonly workflowId: string; readonly runId?: string }>;

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const by = { decidedBy: 'Olga', evidence: 'I looked' };

async function ended(stage: Stage, scheduleId: string) {
  const workflowId = workflowIdOf(scheduleId);
  await stage.temporal.workflow.getHandle(workflowId).result();
  return { workflowId };
}

/** The run has come to rest: it waits, and no workflow task is under way. */
async function waiting(stage: Stage, scheduleId: string) {
  await until('the run waits', async () =>
    ['upsertWorkflowSearchAttributes', 'timerStarted', 'workflowTaskCompleted', 'markerRecorded'].includes(
      (await eventsOf(stage, scheduleId)).at(-1) ?? '',
    ),
  );
  return { workflowId: workflowIdOf(scheduleId) };
}

async function failedStart(stage: Stage, workflowId: string, input: unknown) {
  const { taskQueue } = stage;
  const handle = await stage.temporal.workflow.start('publish', { workflowId, taskQueue, args: [input] });
  await handle.result().catch(() => null);
  return { workflowId };
}

async function byDoor(stage: Stage, publishAt?: string) {
  const shop = await openShop(stage);
  const { ledger, platforms, media, store } = stage.context;
  const intake = { ledger, platforms, media, store, workspaceId: stage.workspaceId, actor: OLGA };
  const taken = await takeIn(intake, { account: shop.name, text: someText(), publishAt });
  await startPublish(stage.temporal, stage.context, { ...taken, workspaceId: stage.workspaceId });
  return ended(stage, taken.scheduleId);
}

async function bare(stage: Stage, post: Readonly<Record<string, unknown>> = {}) {
  const shop = await openShop(stage);
  const handle = await stage.startPublish({ account: shop.name, text: someText(), ...post });
  return { shop, handle, scheduleId: handle.scheduleId };
}

async function faulty(stage: Stage, ...faults: Parameters<Awaited<ReturnType<typeof openShop>>['fault']>[]) {
  const shop = await openShop(stage);
  for (const fault of faults) await shop.fault(...fault);
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  return { shop, handle, scheduleId: handle.scheduleId };
}

/** A workflow that no publish starts, run once. */
async function alone(stage: Stage, workflowType: string, ...args: unknown[]) {
  const workflowId = `${workflowType}-${randomUUID()}`;
  await stage.temporal.workflow.execute(workflowType, { workflowId, taskQueue: stage.taskQueue, args });
  return { workflowId };
}

const callerOf = ({ workspaceId }: Stage) =>
  ({ kind: 'key', workspaceId, workspaceName: WORKSPACE, scopes: [...API_SCOPES], actor: OLGA }) as const;

/** By the name of the file they are stored in. */
export const SHAPES: Readonly<Record<string, Play>> = {
  happy: (stage) => byDoor(stage),
  'happy-scheduled': (stage) => byDoor(stage, inMs(2_000)),
  'happy-bare': async (stage) => ended(stage, (await bare(stage)).scheduleId),
  'bare-scheduled': async (stage) => ended(stage, (await bare(stage, { publishAt: inMs(2_500) })).scheduleId),
  'rate-limited-then-live': async (stage) =>
    ended(stage, (await faulty(stage, [{ kind: 'rate_limited', form: 'retry_after', resetInMs: 1_500 }])).scheduleId),
  'unreachable-then-live': async (stage) => {
    const shop = await openShop(stage);
    await stage.sandbox.outage(600);
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
    return ended(stage, scheduleId);
  },
  'unknown-then-healed': async (stage) =>
    ended(stage, (await faulty(stage, [{ kind: 'commit_then_reset' }])).scheduleId),
  'unknown-then-republished': async (stage) =>
    ended(stage, (await faulty(stage, [{ kind: 'reset_before' }])).scheduleId),
  'unconfirmed-resolved-live': async (stage) => {
    const { shop, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    const platformPostId = (await shop.live())[0]?.id;
    await ask(stage, scheduleId, 'resolve', { verdict: 'live', platformPostId, ...by });
    return ended(stage, scheduleId);
  },
  'unconfirmed-denied-replayed': async (stage) => {
    const { handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'reset_before' });
    await untilDeniable(stage, scheduleId);
    await ask(stage, scheduleId, 'resolve', { verdict: 'not_live', ...by });
    await handle.signal('replay', { requestedBy: 'Olga' });
    return ended(stage, scheduleId);
  },
  'unconfirmed-waiting': async (stage) =>
    waiting(stage, (await unconfirmedPublish(stage, { kind: 'commit_then_reset' })).scheduleId),
  'failed-waiting': async (stage) => waiting(stage, (await failedPublish(stage)).scheduleId),
  'failed-replayed': async (stage) => {
    const { handle, scheduleId } = await failedPublish(stage);
    await handle.signal('replay', { requestedBy: 'Olga', note: 'again', expectedAttempt: 1 });
    return ended(stage, scheduleId);
  },
  'failed-replayed-by-update': async (stage) => {
    const { scheduleId } = await failedPublish(stage);
    await ask(stage, scheduleId, 'requestReplay', { requestedBy: 'Olga' });
    return ended(stage, scheduleId);
  },
  'failed-twice-then-live': async (stage) => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    await shop.fault(REFUSAL);
    await ask(stage, scheduleId, 'requestReplay');
    await until('it failed again', async () => (await scheduleOf(stage, scheduleId))?.attemptsMade === 2);
    await untilState(stage, scheduleId, 'failed');
    await handle.signal('replay');
    return ended(stage, scheduleId);
  },
  'throttled-waiting': async (stage) => {
    const { scheduleId } = await faulty(stage, [{ kind: 'rate_limited', form: 'epoch', resetInMs: 3_600_000 }]);
    await untilState(stage, scheduleId, 'retry_later');
    return waiting(stage, scheduleId);
  },
  canceled: async (stage) => {
    const { handle, scheduleId } = await bare(stage, { publishAt: inMs(3_600_000) });
    await untilState(stage, scheduleId, 'queued');
    await handle.signal('cancel', { requestedBy: 'Olga' });
    return ended(stage, scheduleId);
  },
  'canceled-in-temporal': async (stage) => {
    const { handle, scheduleId } = await bare(stage, { publishAt: inMs(3_600_000) });
    await untilState(stage, scheduleId, 'queued');
    await handle.cancel();
    return ended(stage, scheduleId);
  },
  'canceled-while-running': async (stage) => {
    const shop = await openShop(stage);
    const release = await holdAccount(stage, shop.id);
    const { scheduleId, ...handle } = await stage.startPublish({ account: shop.name, text: someText() });
    await until('the activity runs', async () => (await eventsOf(stage, scheduleId)).includes('activityTaskScheduled'));
    await stage.temporal.workflow.getHandle(handle.workflowId).signal('cancel');
    await untilState(stage, scheduleId, 'canceled');
    await release();
    return ended(stage, scheduleId);
  },
  'cancel-refused': async (stage) => {
    const { handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    await handle.cancel();
    await untilMessages(stage, scheduleId, 1);
    return waiting(stage, scheduleId);
  },
  rescheduled: async (stage) => {
    const { handle, scheduleId } = await bare(stage, { publishAt: inMs(3_600_000) });
    await untilState(stage, scheduleId, 'queued');
    await handle.signal('reschedule', { publishAt: inMs(2_000) });
    return ended(stage, scheduleId);
  },
  'handed-off': async (stage) => {
    const { handle, scheduleId } = await bare(stage, { publishAt: inMs(3_600_000) });
    await untilState(stage, scheduleId, 'queued');
    await handle.signal('handoff', { owner: 'Hana' });
    await untilState(stage, scheduleId, 'handoff_pending');
    await ask(stage, scheduleId, 'completeHandoff', { completedBy: 'Hana' });
    return ended(stage, scheduleId);
  },
  'blocked-then-approved': async (stage) => {
    const { scheduleId } = await bare(stage, { approvalRequired: true });
    await untilState(stage, scheduleId, 'blocked');
    const fingerprint = (await scheduleOf(stage, scheduleId))?.fingerprint ?? '';
    const decision = { ...stage.keyOf(scheduleId), fingerprint, verdict: 'approved', decidedBy: OLGA, decidedAt: new Date() } as const;
    await stage.context.ledger.db.insert(approvals).values({ id: randomUUID(), ...decision });
    await ask(stage, scheduleId, 'requestReplay');
    return ended(stage, scheduleId);
  },
  'messages-refused': async (stage) => {
    const { handle, scheduleId } = await failedPublish(stage);
    await handle.signal('nobody defined this', 'x');
    await handle.signal('__temporal_reserved');
    await handle.signal('replay', 'please');
    await handle.signal('reschedule', { publishAt: 'NaN' });
    await handle.signal('replay', new Uint8Array([0, 255]));
    await ask(stage, scheduleId, 'resolve', { verdict: 'not_live', ...by });
    await untilMessages(stage, scheduleId, 6);
    await handle.signal('replay');
    return ended(stage, scheduleId);
  },
  'message-fault-then-replayed': async (stage) => {
    const { handle, scheduleId } = await failedPublish(stage);
    const mend = await refuseRows(stage, 'messages', scheduleId, 'fault');
    await handle.signal('replay');
    await ask(stage, scheduleId, 'requestReplay');
    await mend();
    await ask(stage, scheduleId, 'requestReplay');
    return ended(stage, scheduleId);
  },
  'long-outage-then-replayed': async (stage) => {
    const { handle, scheduleId } = await failedPublish(stage);
    const mend = await refuseRows(stage, 'messages', scheduleId, 'outage');
    await handle.signal('replay');
    await until('it waits on a timer', async () => (await eventsOf(stage, scheduleId)).at(-1) === 'timerStarted');
    await mend();
    return ended(stage, scheduleId);
  },
  'started-by-signal': async (stage) => {
    const { handle, scheduleId } = await failedPublish(stage);
    await handle.terminate();
    await startWithSignal(stage, scheduleId, 'replay', { requestedBy: 'Olga' });
    return ended(stage, scheduleId);
  },
  'started-again-after-live': async (stage) => {
    const { scheduleId } = await bare(stage);
    await ended(stage, scheduleId);
    await startAgain(stage, scheduleId);
    return ended(stage, scheduleId);
  },
  'reset-after-live': async (stage) => {
    const { scheduleId } = await bare(stage);
    await ended(stage, scheduleId);
    await resetRun(stage, scheduleId, 'first');
    return ended(stage, scheduleId);
  },
  'reset-mid-publish': async (stage) => {
    const { shop, scheduleId } = await faulty(stage, [{ kind: 'commit_then_slow', ms: 1_500 }]);
    await until('the post is live', async () => (await shop.live()).length > 0);
    await ask(stage, scheduleId, 'requestReplay');
    await resetRun(stage, scheduleId, 'last');
    return ended(stage, scheduleId);
  },
  'reset-with-signals': async (stage) => {
    const { handle, scheduleId } = await failedPublish(stage);
    await handle.signal('replay');
    await ended(stage, scheduleId);
    await resetRun(stage, scheduleId, 'first');
    return ended(stage, scheduleId);
  },
  'terminated-then-taken-up': async (stage) => {
    const { shop, scheduleId } = await faulty(stage, [{ kind: 'commit_then_slow', ms: 1_500 }]);
    await until('the post is live', async () => (await shop.live()).length > 0);
    const { account, text } = { account: shop.name, text: (await shop.live())[0]?.text };
    await terminateRun(stage, scheduleId);
    await startAgain(stage, scheduleId, { account, text });
    return ended(stage, scheduleId);
  },
  'activity-paused': async (stage) => {
    const { shop, scheduleId } = await faulty(stage, [{ kind: 'commit_then_hang' }]);
    await until('the post is live', async () => (await shop.live()).length > 0);
    await pauseActivity(stage, scheduleId);
    await unpauseActivity(stage, scheduleId);
    return ended(stage, scheduleId);
  },
  'activity-failed-by-hand': async (stage) => {
    const { shop, scheduleId } = await faulty(stage, [{ kind: 'commit_then_slow', ms: 1_500 }]);
    await until('the post is live', async () => (await shop.live()).length > 0);
    await failActivity(stage, scheduleId);
    return ended(stage, scheduleId);
  },
  'activity-completed-by-hand': async (stage) => {
    const { shop, scheduleId } = await faulty(stage, [{ kind: 'commit_then_slow', ms: 1_500 }]);
    await until('the post is live', async () => (await shop.live()).length > 0);
    await completeActivity(stage, scheduleId, 'done');
    return ended(stage, scheduleId);
  },
  'continued-as-new': async (stage) => {
    const { handle, scheduleId } = await failedPublish(stage);
    const { runId } = await handle.describe();
    await talkUntilContinued(stage, scheduleId, 1);
    return { workflowId: workflowIdOf(scheduleId), runId };
  },
  'continued-then-replayed': async (stage) => {
    const { scheduleId } = await failedPublish(stage);
    await talkUntilContinued(stage, scheduleId, 1);
    await ask(stage, scheduleId, 'requestReplay');
    return ended(stage, scheduleId);
  },
  'continued-while-throttled': async (stage) => {
    const { scheduleId } = await faulty(stage, [{ kind: 'rate_limited', form: 'epoch', resetInMs: 3_600_000 }]);
    await untilState(stage, scheduleId, 'retry_later');
    await talkUntilContinued(stage, scheduleId, 1);
    await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).signal('cancel');
    return ended(stage, scheduleId);
  },
  'invalid-start': (stage) => failedStart(stage, workflowIdOf(randomUUID()), 'Hello'),
  'unknown-schedule': (stage) => {
    const scheduleId = randomUUID();
    return failedStart(stage, workflowIdOf(scheduleId), { scheduleId });
  },
  'intake-fault': async (stage) => {
    const shop = await openShop(stage);
    const id = randomUUID();
    const mend = await refuseRows(stage, 'schedules', id, 'fault');
    const post = { workspace: WORKSPACE, account: shop.name, text: someText() };
    const failed = await failedStart(stage, workflowIdOf(id), { schedule: post });
    await mend();
    return failed;
  },
  'held-then-released': async (stage) => {
    const shop = await openShop(stage);
    const { workspaceId, context } = stage;
    const target = { scope: 'account', accountId: shop.id } as const;
    const hold = await placeHold(context.ledger, { workspaceId, target, reason: 'the news', actor: OLGA });
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, scheduleId, 'held');
    const released = { holdId: hold?.id ?? '', pace: { kind: 'at_once' }, notOlderThan: null } as const;
    await release({ ...context, client: stage.temporal }, { caller: callerOf(stage), ...released });
    return ended(stage, scheduleId);
  },
  'missed-then-rescheduled': async (stage) => {
    const shop = await openShop(stage);
    const free = await holdAccount(stage, shop.id);
    const post = { account: shop.name, text: someText(), publishBefore: inMs(1_500) };
    const { scheduleId } = await stage.startPublish(post);
    await untilState(stage, scheduleId, 'missed');
    await free();
    await ask(stage, scheduleId, 'reschedule', { publishAt: inMs(1_000) });
    return ended(stage, scheduleId);
  },
  'approved-goes-on': async (stage) => {
    const { scheduleId } = await bare(stage, { approvalRequired: true });
    await untilState(stage, scheduleId, 'blocked');
    const expectedFingerprint = (await scheduleOf(stage, scheduleId))?.fingerprint ?? '';
    const request = { verdict: 'approved', expectedFingerprint } as const;
    await decideVersion({ ...stage.context, client: stage.temporal }, { caller: callerOf(stage), scheduleId, request });
    return ended(stage, scheduleId);
  },
  'hurried-while-unreachable': async (stage) => {
    const shop = await openShop(stage);
    await stage.sandbox.outage(400);
    const { scheduleId, ...handle } = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, scheduleId, 'retry_later');
    await stage.temporal.workflow.getHandle(handle.workflowId).signal('resume', { requestedBy: 'Olga' });
    return ended(stage, scheduleId);
  },
  'batch-of-two': async (stage) => {
    const { shop, scheduleId } = await failedPublish(stage);
    const { ledger } = stage.context;
    const cause = (await scheduleOf(stage, scheduleId))?.cause?.code ?? 'publish_failed';
    const asked = await askBatch(ledger, {
      ...{ workspaceId: stage.workspaceId, accountId: shop.id, cause, skipOlder: null, note: null, actor: OLGA },
      pace: { kind: 'at_once' },
    });
    if (asked.kind !== 'asked') throw new TypeError(asked.kind);
    return alone(stage, 'batch', { workspaceId: stage.workspaceId, batchId: asked.id });
  },
  'proof-of-nothing': (stage) => alone(stage, 'exportProof', { workspaceId: stage.workspaceId, id: randomUUID() }),
  'handoff-checked': async (stage) => {
    const { handle, scheduleId } = await bare(stage, { publishAt: inMs(3_600_000) });
    await untilState(stage, scheduleId, 'queued');
    await handle.signal('handoff', { owner: 'Hana' });
    await untilState(stage, scheduleId, 'handoff_pending');
    await ask(stage, scheduleId, 'completeHandoff', { completedBy: 'Hana' });
    return alone(stage, 'checkHandoff', stage.keyOf(scheduleId));
  },
  'nothing-to-deliver': (stage) => alone(stage, 'deliver', { workspaceId: stage.workspaceId, channel: 'nobody' }),
  'morning-report': (stage) => alone(stage, 'morningReport', WORKSPACE),
  notify: (stage) => alone(stage, 'notify'),
  tonight: (stage) => alone(stage, 'tonight'),
  'tell-runs': (stage) => alone(stage, 'tellRuns'),
  'drop-unused-media': (stage) => alone(stage, 'dropUnusedMedia'),
  sweep: (stage) => alone(stage, 'sweep'),
  'intake-refused': (stage) =>
    failedStart(stage, workflowIdOf(randomUUID()), { schedule: { workspace: WORKSPACE, account: 'nobody', text: 'x' } }),
  ...RUN_SHAPES,
};
