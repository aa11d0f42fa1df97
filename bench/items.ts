// How long the recovery page's questions take in a workspace of a million schedules of which 50,000 are items, every filter in
// turn, from the first page and from deep ones; `growth` is its first page's p99 by that of 10,000 schedules, in turn.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { SYSTEM_ACTOR } from '../src/domain/people/actor.ts';
import { connectAccount } from '../src/ledger/accounts/accounts.ts';
import type { ItemFilter, ItemPosition } from '../src/ledger/schedules/item-filter.ts';
import { countItems } from '../src/ledger/schedules/items.ts';
import { workspaces } from '../src/ledger/schema/accounts.ts';
import { readCursor } from '../src/recovery/cursor.ts';
import { listIncidents } from '../src/recovery/incidents.ts';
import { listItems } from '../src/recovery/list-items.ts';
import { type BenchStage, onStage, quantile, rounded } from './stage.ts';

const SCHEDULES = Number(process.env.BENCH_SCHEDULES ?? 1_000_000);
const SMALL = 10_000;
/** One schedule in so many is an item. */
const ITEM_EVERY = 20;
const ACCOUNTS = 50;
const ROUNDS = 20;

export async function items(): Promise<Record<string, number>> {
  return onStage({}, async (stage) => {
    const large = await seed(stage, SCHEDULES);
    const small = await seed(stage, SMALL);
    await stage.context.ledger.db.execute(sql`vacuum analyze schedules`);
    const questions = await questionsOf(stage, large);
    const took = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, ask] of questions) {
        const begun = performance.now();
        await ask();
        took.set(name, [...(took.get(name) ?? []), performance.now() - begun]);
      }
    }
    for (const [name, times] of took)
      console.error(name, rounded(quantile(times, 0.5)), rounded(quantile(times, 0.99)));
    const all = [...took.values()].flat();
    const [ofLarge, ofSmall]: [number[], number[]] = [[], []];
    for (let round = 0; round < 300; round += 1) {
      for (const [workspaceId, times] of [[large, ofLarge] as const, [small, ofSmall] as const]) {
        const begun = performance.now();
        await page(stage, workspaceId, {}, null);
        times.push(performance.now() - begun);
      }
    }
    const growthAt = (share: number) => rounded(quantile(ofLarge, share) / quantile(ofSmall, share));
    return {
      p99Ms: rounded(quantile(all, 0.99)),
      p50Ms: rounded(quantile(all, 0.5)),
      growth: growthAt(0.99),
      growthP50: growthAt(0.5),
      schedules: SCHEDULES,
    };
  });
}

function page(
  { context: { ledger } }: BenchStage,
  workspaceId: string,
  filter: ItemFilter,
  after: ItemPosition | null,
) {
  return listItems(ledger, { workspaceId, group: 'person', order: 'newest_failure', filter, after, limit: 50 });
}

async function questionsOf(stage: BenchStage, workspaceId: string): Promise<Map<string, () => Promise<unknown>>> {
  const { ledger } = stage.context;
  const filters: Record<string, ItemFilter> = {
    none: {},
    platform: { platform: 'x' },
    account: { account: 'account-7' },
    cause: { cause: 'auth_expired' },
    owner: { ownerId: 'key-3' },
    nobody: { ownerId: '' },
    due: { dueFrom: new Date(Date.now() - 20 * 86_400_000), dueBefore: new Date(Date.now() - 19 * 86_400_000) },
    text: { text: 'number 4242 ' },
    noText: { text: 'nothing has this' },
  };
  const questions = new Map<string, () => Promise<unknown>>();
  for (const [name, filter] of Object.entries(filters)) {
    questions.set(`page ${name}`, () => page(stage, workspaceId, filter, null));
    questions.set(`count ${name}`, () =>
      countItems(ledger, { workspaceId, states: null, surface: 'recovery', filter }),
    );
  }
  const deep = await deepPosition(stage, workspaceId);
  questions.set('page deep', () => page(stage, workspaceId, {}, deep));
  questions.set('incidents', () => listIncidents(ledger, workspaceId, 21));
  return questions;
}

/** The position in the middle of the group. */
async function deepPosition(stage: BenchStage, workspaceId: string): Promise<ItemPosition | null> {
  const rows = await stage.context.ledger.db.execute<{ at: string; id: string }>(sql`
    select coalesce(failed_at, publish_at)::text as at, id from schedules where workspace_id = ${workspaceId} and state = 'failed'
    order by 1 desc offset ${Math.floor(SCHEDULES / ITEM_EVERY / 2)} limit 1`);
  const [row] = rows;
  return row ? { at: new Date(row.at), id: row.id } : readCursor('');
}

async function seed(stage: BenchStage, schedules: number): Promise<string> {
  const { ledger } = stage.context;
  const workspaceId = randomUUID();
  await ledger.db.insert(workspaces).values({ id: workspaceId, name: `of-${schedules}`, createdAt: new Date() });
  const accounts: string[] = [];
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const account = {
      platform: index % 2 === 0 ? 'x' : 'bluesky',
      name: `account-${index}`,
      remoteId: randomUUID(),
      apiBase: null,
    };
    const grant = { grant: { accessToken: 'none-at-all' }, grantExpiresAt: null, scopes: [], actor: SYSTEM_ACTOR };
    accounts.push(await connectAccount(ledger, { workspaceId, ...account, ...grant }));
  }
  const PAGE = 20_000;
  for (let from = 0; from < schedules; from += PAGE) {
    await ledger.db.execute(rowsOf({ workspaceId, accounts, from, to: Math.min(schedules, from + PAGE) - 1 }));
  }
  return workspaceId;
}

interface Rows {
  readonly workspaceId: string;
  readonly accounts: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Posts of the last 60 days: most have ended, one in twenty waits for a person for one of three causes. */
function rowsOf({ workspaceId, accounts, from, to }: Rows) {
  const ids = sql.raw(`array[${accounts.map((id) => `'${id}'`).join(',')}]::uuid[]`);
  return sql`insert into schedules (workspace_id, id, workflow_id, account_id, platform, content, delivery, fingerprint, publish_at,
      state, trace_id, cause, failed_at, attempts_made, creator, last_actor, created_at, updated_at)
    select ${workspaceId}::uuid, 's-' || n, 'publish/' || ${workspaceId}::text || '/s-' || n, (${ids})[1 + n % ${ACCOUNTS}],
      case when n % 2 = 0 then 'x' else 'bluesky' end,
      jsonb_build_object('text', 'Post number ' || n || ' of a feed that has something to say every night', 'media', '[]'::jsonb),
      '{"publishAt":null,"mode":"publish","approvalRequired":false,"options":{}}'::jsonb, md5(n::text), at,
      case when broken then 'failed' else 'canceled' end, gen_random_uuid(),
      case when broken then jsonb_build_object('code', (array['auth_expired','publish_failed','media_invalid'])[1 + n % 3], 'bucket', 'x',
        'source', 'status_only', 'platform', 'x', 'stage', 'create', 'externalText', 'no', 'rawText', 'no') end,
      case when broken then at + interval '1 minute' end, 1, actor, actor, at, at
    from (select n, now() - n % 86400 * interval '1 minute' - interval '1 minute' as at, n % ${ITEM_EVERY} = 0 as broken,
      jsonb_build_object('type', 'API_KEY', 'id', 'key-' || n % 7, 'label', 'pipeline ' || n % 7) as actor
      from generate_series(${from}::int, ${to}::int) as n) as posts`;
}
