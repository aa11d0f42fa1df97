// The laws that the database holds by itself: whatever the code above it asks for, these are refused.
import { randomUUID } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { pass, say, taken } from '../publishing/passes.ts';
import { openShop } from '../workflow/shop.ts';

let stage: Stage;
/** A schedule that is published, one of unknown outcome, and one that has only been taken in, all of one account. */
let published: string;
let open: string;
let queued: string;
beforeAll(async () => {
  stage = await openStage();
  const shop = await openShop(stage);
  published = await taken(stage, shop);
  expect(await pass(stage, published)).toMatchObject({ state: 'published' });
  open = await taken(stage, shop);
  await shop.fault({ kind: 'commit_then_reset' });
  expect(await pass(stage, open)).toMatchObject({ state: 'outcome_unknown' });
  queued = await taken(stage, shop);
});
afterAll(() => stage.close());

/** Why the database refuses the statement. @throws TypeError when it does not; then nothing was changed all the same */
async function refusal(statement: SQL): Promise<string> {
  const allowed = new TypeError('the database allowed it');
  const error = await stage.context.ledger.db
    .transaction(async (tx) => {
      await tx.execute(statement);
      await tx.execute(sql`set constraints all immediate`);
      throw allowed;
    })
    .catch((thrown: unknown) => thrown);
  if (error === allowed || !(error instanceof Error)) throw allowed;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

const newIntent = (scheduleId: string, attempt = 99) => sql`
  insert into intents (id, workspace_id, schedule_id, account_id, fingerprint, attempt_number, fence, state, sent_at, send_deadline, markers)
  select ${randomUUID()}::uuid, workspace_id, id, account_id, fingerprint, ${attempt}, 1, 'sent', now(), now(), '{}' from schedules
  where id = ${scheduleId}`;

const newPost = (scheduleId: string, platformPostId: SQL | string) => sql`
  insert into posts (id, workspace_id, schedule_id, account_id, fingerprint, platform_post_id, published_at, evidence)
  select ${randomUUID()}::uuid, workspace_id, id, account_id, fingerprint, ${platformPostId}, now(), 'answered' from schedules
  where id = ${scheduleId}`;

describe('a second create', () => {
  it('is not permitted once there is a post', async () => {
    expect(await refusal(newIntent(published))).toContain('already has a post: a second create is refused');
  });

  it('is not permitted while an earlier one may be live', async () => {
    expect(await refusal(newIntent(open))).toContain('intents_one_open');
  });

  it('is not permitted for the same attempt, whatever became of the first', async () => {
    const closed = sql`update intents set state = 'absent' where schedule_id = ${open}`;
    const twice = sql`with closed as (${closed}) ${newIntent(open, 1)}`;
    expect(await refusal(twice)).toContain('intents_attempt');
  });

  it('is not permitted on another account than the schedule names', async () => {
    const other = await openShop(stage);
    const foreign = sql`
      insert into intents (id, workspace_id, schedule_id, account_id, fingerprint, attempt_number, fence, state, sent_at, send_deadline, markers)
      values (${randomUUID()}::uuid, ${stage.workspaceId}::uuid, ${queued}, ${other.id}::uuid, 'f', 1, 1, 'sent', now(), now(), '{}')`;
    expect(await refusal(foreign)).toContain('is for another account');
  });

  it('is not made possible by another account while the first may be live', async () => {
    const other = await openShop(stage);
    const moved = sql`update schedules set account_id = ${other.id}::uuid where id = ${open}`;
    expect(await refusal(moved)).toContain('another account is refused');
  });
});

describe('a post', () => {
  it('is recorded once for a schedule', async () => {
    expect(await refusal(newPost(published, 'another'))).toContain('posts_one_per_fingerprint');
  });

  it('belongs to one schedule', async () => {
    const theirs = sql`(select platform_post_id from posts where schedule_id = ${published})`;
    expect(await refusal(newPost(open, theirs))).toContain('posts_claimed_once');
  });

  it('is not recorded of a schedule that is not published', async () => {
    expect(await refusal(newPost(queued, 'early'))).toContain('contradicts its post');
  });

  it.each([
    ['taken back', sql`delete from posts`],
    ['pointed at another', sql`update posts set platform_post_id = 'another'`],
    ['given to another schedule', sql`update posts set fingerprint = 'another'`],
  ])('is not %s', async (_, statement) => {
    expect(await refusal(statement)).toContain('posts are facts');
  });
});

describe('a schedule', () => {
  it('is not published without its post', async () => {
    expect(await refusal(sql`update schedules set state = 'published' where id = ${queued}`)).toContain(
      'contradicts its post',
    );
  });

  it.each([
    ['state', sql`update schedules set state = 'failed' where state = 'published'`],
    ['version', sql`update schedules set fingerprint = 'another' where state = 'published'`],
  ])('does not change its %s once it is published', async (_, statement) => {
    expect(await refusal(statement)).toContain('contradicts its post');
  });

  it('has one attempt at a time', async () => {
    const twice = sql`
      insert into attempts (id, workspace_id, schedule_id, number, fence, worker, started_at)
      select gen_random_uuid(), ${stage.workspaceId}::uuid, ${queued}, number, 1, 'w', now() from generate_series(1, 2) as number`;
    expect(await refusal(twice)).toContain('attempts_one_running');
  });

  it('is in a state that there is', async () => {
    expect(await refusal(sql`update schedules set state = 'lost' where id = ${queued}`)).toContain('schedules_state');
  });
});

it('a fence never falls', async () => {
  expect(await refusal(sql`update leases set fence = fence - 1`)).toContain('must not fall');
});

describe('the audit trail', () => {
  it.each([
    ['changed', sql`update audit_events set payload = '{}'`],
    ['cut', sql`delete from audit_events`],
    ['emptied', sql`truncate audit_events cascade`],
  ])('is not %s', async (_, statement) => {
    expect(await refusal(statement)).toContain('audit_events is append-only');
  });

  it('has no event without a trace', async () => {
    const untraced = sql`
      insert into audit_events (workspace_id, position, trace_id, type, actor, payload, at, previous_hash, hash)
      values (${stage.workspaceId}::uuid, 0, null, 'publish.published', '{}', '{}', now(), '', '')`;
    expect(await refusal(untraced)).toMatch(/trace_id.*not-null/);
  });

  it('is whole, however long it has grown', async () => {
    await say(stage, queued, 'nonsense');
    expect(await firstAuditBreak(stage.context.ledger.db, stage.workspaceId)).toBeNull();
  });

  it.each([
    ['an event was altered', sql`update audit_events set payload = '{"forged": true}' where position = 3`, 3],
    ['a time was moved', sql`update audit_events set at = at + interval '1 second' where position = 3`, 3],
    ['an actor was exchanged', sql`update audit_events set actor = '{"id": "another"}' where position = 3`, 3],
    ['an event was taken out', sql`delete from audit_events where position = 3`, 4],
    [
      'an event and its hash were forged',
      sql`update audit_events as event set payload = '{"forged": true}', hash = audit_hash(event.previous_hash,
        jsonb_populate_record(event, '{"payload": {"forged": true}}')) where position = 3`,
      4,
    ],
    [
      'the last event was taken out',
      sql`delete from audit_events where position = (select max(position) from audit_events)`,
      null,
    ],
  ])('shows where it breaks when %s behind its back', async (_, tampering, position) => {
    const undo = new TypeError('put it back');
    let found: number | null = null;
    let last = 0;
    await stage.context.ledger.db
      .transaction(async (tx) => {
        const [head] = await tx.execute<{ last: number }>(sql`select max(position)::int as last from audit_events`);
        last = head?.last ?? 0;
        await tx.execute(sql`alter table audit_events disable trigger user`);
        await tx.execute(tampering);
        found = await firstAuditBreak(tx, stage.workspaceId);
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    expect(found).toBe(position ?? last);
  });
});

it('a process that stands still inside a transaction is ended by the database, and holds nobody up for long', async () => {
  const rows = await stage.context.ledger.db.execute(sql`show idle_in_transaction_session_timeout`);
  expect([...rows]).toEqual([{ idle_in_transaction_session_timeout: '10s' }]);
});
