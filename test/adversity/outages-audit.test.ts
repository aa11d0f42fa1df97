// Law 11: while the audit trail cannot be written, nothing changes, whatever is asked; and nothing is published twice
// because of it.

import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/domain/people/actor.ts';
import { readResult } from '../../src/ledger/schedules/result.ts';
import { takeIn } from '../../src/publishing/intake/intake.ts';
import { answer } from '../../src/publishing/messages/answer.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, lawsOf, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { instagramKinds, type SandboxPractice, sandboxKind, xKinds } from './practice.ts';
import {
  casesOf,
  endsOf,
  reconnectAndReplay,
  type Standing,
  SWEEP_SETTINGS,
  startAll,
  takeCensus,
  untilAllStand,
} from './sweep.ts';

/** Everything that counts as state; the trail itself is beside it. */
const TABLES = ['schedules', 'attempts', 'intents', 'posts', 'messages', 'connected_accounts', 'audit_events'] as const;

describe('while the audit trail cannot be written', () => {
  let stage: Stage;
  let media: MediaFiles;
  let worker: TestProcess;
  beforeAll(async () => {
    const settings = { ...SWEEP_SETTINGS, 'timeouts.send_window': '30s', 'timeouts.answer': '15s' };
    stage = await openStage(settings);
    media = await serveMedia();
    worker = await stage.startWorker();
  });
  afterEach(() => writable());
  afterAll(async () => {
    await stage.close();
    await media.close();
  });

  const ledger = () => stage.context.ledger;
  async function unwritable(): Promise<void> {
    await ledger().db.execute(sql`
      create or replace function no_audit() returns trigger language plpgsql as
      $$ begin raise exception 'the audit trail cannot be written'; end $$`);
    await ledger().db.execute(
      sql`create trigger no_audit before insert on audit_events for each row execute function no_audit()`,
    );
  }
  const writable = () => ledger().db.execute(sql`drop trigger if exists no_audit on audit_events`);

  /** Every row there is, as text. A post's address is no state: it is learned when the platform tells it. */
  async function everything(): Promise<Record<string, unknown>> {
    const tables = TABLES.map(async (table) => {
      const rows = await ledger().db.execute(
        sql`select (to_jsonb(t) - 'url')::text as line from ${sql.identifier(table)} t order by 1`,
      );
      return [table, rows.map((row) => row.line)];
    });
    return Object.fromEntries(await Promise.all(tables));
  }

  const text = () => sandboxKind(stage, { name: 'X text', platform: 'x', post: () => ({}) });
  /** A publish that X refused and that waits for a person. */
  async function failed(): Promise<{ practice: SandboxPractice; scheduleId: string }> {
    const practice = await text().open();
    await practice.meet({ kind: 'refuse_before', preset: 'invalid_url' });
    const { scheduleId } = await stage.startPublish(practice.post);
    await until('it has failed', async () => (await readResult(ledger(), stage.keyOf(scheduleId))).state === 'failed');
    return { practice, scheduleId };
  }

  it('no post is taken in, no account is connected, and nothing of them is stored', async () => {
    const { post, reconnect } = await text().open();
    const { platforms, media, store } = stage.context;
    await unwritable();
    const before = await everything();
    const intake = { ledger: ledger(), platforms, media, store, workspaceId: stage.workspaceId, actor: SYSTEM_ACTOR };
    await expect(takeIn(intake, post)).rejects.toThrow();
    await expect(text().open()).rejects.toThrow();
    await expect(reconnect()).rejects.toThrow();
    expect(await everything()).toEqual(before);
  });

  it('a bare workflow start is refused, and may be repeated once the trail is back', async () => {
    const practice = await text().open();
    const id = crypto.randomUUID();
    await unwritable();
    const before = await everything();
    const refused = await stage.startPublish(practice.post, id);
    await expect(refused.result()).rejects.toMatchObject({ cause: { type: 'IntakeFault' } });
    expect(await everything()).toEqual(before);
    await writable();
    await (await stage.startPublish(practice.post, id)).result();
    expect(await lawsOf(stage, id, practice)).toEqual(PUBLISHED_ONCE);
  });

  it.each([
    ['replay', { requestedBy: 'Olga Operator' }],
    ['cancel', {}],
    ['reschedule', { publishAt: '2100-01-01T00:00:00Z' }],
    ['handoff', { owner: 'Olga' }],
    ['resolve', { verdict: 'not_live', decidedBy: 'Olga', evidence: 'looked' }],
    ['nonsense', 42],
  ])('the message %s changes nothing, not even that it came', async (name, body) => {
    const { practice, scheduleId } = await failed();
    await unwritable();
    const before = await everything();
    const message = { schedule: stage.keyOf(scheduleId), messageId: `audit-${name}`, name, body };
    await expect(answer(ledger(), message)).rejects.toThrow();
    expect(await everything()).toEqual(before);
    await writable();
    expect(await answer(ledger(), message)).toMatchObject({ message: name });
    expect(await practice.live()).toBe(0);
  });

  it('a signal through Temporal gets its verdict once the trail is back', async () => {
    const { practice, scheduleId } = await failed();
    await unwritable();
    const handle = stage.temporal.workflow.getHandle(workflowIdOf(scheduleId));
    await handle.signal('replay', { requestedBy: 'Olga Operator' });
    expect(await practice.creates()).toBe(1);
    await writable();
    await handle.result();
    expect(await lawsOf(stage, scheduleId, practice)).toEqual(PUBLISHED_ONCE);
  });

  /** The attempt that runs was told that nothing can be recorded. */
  async function wasTold({ publish }: Standing): Promise<boolean> {
    const { raw } = await publish.describe();
    return raw.pendingActivities?.[0]?.lastFailure != null;
  }

  it('a publish stands still at whatever step it is, and goes on from there', async () => {
    const kinds = [
      ...xKinds(stage, media),
      ...instagramKinds(stage, media).filter(({ name }) => name.endsWith('carousel')),
    ];
    const cases = casesOf(kinds, await takeCensus(stage, kinds)).filter(({ create }) => create !== 'lost_and_hangs');
    const others = await startAll(
      stage,
      cases.filter(({ at }) => at !== 'after_intent#1'),
    );
    await untilAllStand(stage, others, worker);
    const sending = await startAll(
      stage,
      cases.filter(({ at }) => at === 'after_intent#1'),
    );
    await untilAllStand(stage, sending, worker);
    const standing = [...others, ...sending];
    await unwritable();
    const before = await everything();
    for (const { hold } of standing) hold.release();
    for (const one of standing.filter(({ title }) => !title.includes('saved_unacknowledged'))) {
      await until(`it was told: ${one.title}`, () => wasTold(one));
    }
    expect(await everything()).toEqual(before);
    await writable();
    // X's refresh tokens work once: the renewal that could not be recorded is lost, and a person connects again.
    const renewing = /about to expire, killed at (?:attempt_opened|grant_renewed_unsaved)/;
    const disconnected = standing.filter(({ title }) => renewing.test(title));
    expect(disconnected).toHaveLength(2);
    for (const publish of disconnected) await reconnectAndReplay(stage, publish);
    expect(await endsOf(stage, standing)).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    expect(await auditBreak(stage)).toBeNull();
  }, 300_000);
});
