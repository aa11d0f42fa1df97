// What nobody drives any more is found: never started, or ended in Temporal behind our back (law 8).

import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/domain/actor.ts';
import type { SweepReport } from '../../src/domain/sweep-report.ts';
import { firstAuditBreak } from '../../src/ledger/audit.ts';
import { readResult } from '../../src/ledger/result.ts';
import { takeIn } from '../../src/publishing/intake.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

describe('the sweep', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.startWorker();
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
  });
  afterAll(() => stage.close());

  const sweep = () =>
    stage.temporal.workflow.execute<() => Promise<SweepReport>>('sweep', {
      workflowId: `sweep-${stage.taskQueue}-${Math.random()}`,
      taskQueue: stage.taskQueue,
    });

  const taken = (text: string) => {
    const { ledger, platforms } = stage.context;
    const intake = { ledger, platforms, workspaceId: stage.workspaceId, actor: SYSTEM_ACTOR };
    return takeIn(intake, { account: 'sandbox-x', text });
  };

  it('starts a schedule whose workflow was never started', async () => {
    const { scheduleId } = await taken('Left behind');
    shiftClock(stage.folder, 5_000);
    expect(await sweep()).toMatchObject({ started: 1, lost: 0 });
    await until('it is live', async () => (await readResult(stage.context.ledger, scheduleId)).state === 'published');
    expect(await stage.sandbox.live({ platform: 'x' })).toHaveLength(1);
  });

  it('makes an item of a publish that was terminated, and the next replay publishes it once', async () => {
    const { card } = await stage.connectSandboxAccount({ platform: 'x', name: 'terminated-x' });
    await stage.sandbox.addFault({
      platform: 'x',
      account: card.id,
      call: 'create_post',
      fault: { kind: 'rate_limited', form: 'epoch', resetInMs: 3_600_000 },
    });
    const handle = await stage.startPublish({ account: 'terminated-x', text: 'Stopped by hand' });
    await until('it waits', async () => (await stage.status(handle.scheduleId))?.state === 'retry_later');
    await handle.terminate('by mistake');
    shiftClock(stage.folder, 3_700_000);
    expect(await sweep()).toMatchObject({ started: 0, lost: 1 });
    const item = await readResult(stage.context.ledger, handle.scheduleId);
    expect(item).toMatchObject({ state: 'failed', cause: { code: 'unknown' } });
    expect(item.cause?.text).toContain('ended as terminated');
    await stage.temporal.workflow.start('publish', {
      workflowId: `publish/${handle.scheduleId}`,
      taskQueue: stage.taskQueue,
      args: [{ scheduleId: handle.scheduleId }],
    });
    await until(
      'it is live',
      async () => (await readResult(stage.context.ledger, handle.scheduleId)).state === 'published',
    );
    expect(await stage.sandbox.live({ platform: 'x', account: card.id })).toHaveLength(1);
  });

  it('records what it found in an audit chain that stays whole', async () => {
    const { db } = stage.context.ledger;
    const rows = await db.execute(sql`select type from audit_events where type = 'publish.workflow_lost'`);
    expect(rows).toHaveLength(1);
    expect(await firstAuditBreak(db, stage.workspaceId)).toBeNull();
  });
});
