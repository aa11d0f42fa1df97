// Puts very many published schedules into the ledger at once, a second apart.
import { sql } from 'drizzle-orm';
import type { Stage } from '../harness/stage.ts';

/** Answers the instant behind the last one. They are numbered on from `after`. */
export async function placeMany(stage: Stage, accountId: string, count: number, from: Date, after = 0): Promise<Date> {
  const { db } = stage.context.ledger;
  const actor = JSON.stringify({ type: 'API_KEY', id: 'key-1', label: 'nightly pipeline' });
  const [workspaceId, start] = [stage.workspaceId, from.toISOString()];
  await db.transaction(async (tx) => {
    await tx.execute(sql`insert into schedules (workspace_id, id, workflow_id, account_id, platform, content, delivery, fingerprint,
      publish_at, state, trace_id, attempts_made, creator, last_actor, created_at, updated_at)
    select ${workspaceId}::uuid, 'post-' || n, 'publish/' || ${workspaceId}::text || '/post-' || n, ${accountId}::uuid, 'x',
      jsonb_build_object('text', 'Post number ' || n, 'media', '[]'::jsonb),
      '{"publishAt": null, "mode": "publish", "approvalRequired": true, "options": {}}'::jsonb,
      encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), ${start}::timestamptz + n * interval '1 second', 'published',
      gen_random_uuid(), 1, ${actor}::jsonb, ${actor}::jsonb, now(), now()
    from generate_series(${after + 1}::int, ${after + count}::int) as n`);
    await tx.execute(sql`insert into posts (id, workspace_id, schedule_id, account_id, fingerprint, platform_post_id, url, published_at, evidence)
    select gen_random_uuid(), workspace_id, id, account_id, fingerprint, '185' || substr(id, 6), 'https://x.com/i/web/status/185',
      publish_at + interval '1 second', 'answered' from schedules where workspace_id = ${workspaceId}::uuid and substr(id, 6)::int > ${after}`);
    await tx.execute(sql`insert into approvals (id, workspace_id, schedule_id, fingerprint, verdict, decided_by, decided_at)
    select gen_random_uuid(), workspace_id, id, fingerprint, 'approved', ${JSON.stringify({ type: 'USER', id: 'ann', label: 'Ann Approver' })}::jsonb, publish_at
    from schedules where workspace_id = ${workspaceId}::uuid and substr(id, 6)::int > ${after}`);
  });
  await db.execute(sql`analyze schedules, posts, approvals`);
  return new Date(from.getTime() + (after + count + 1) * 1_000);
}
