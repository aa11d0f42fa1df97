// The night as it stands: what the ledger knows is in the way at this moment, and what the last look found beside it.
import type { Finding } from '../../domain/tonight/finding.ts';
import { brokenTarget, gateFacts } from '../../ledger/schedules/facts.ts';
import type { ItemFacts } from '../../ledger/schedules/items.ts';
import { type ScopesNeeded, stillFound } from '../../ledger/tonight/stopped.ts';
import { countTonight, type NightCounts, type NightPosition, readTonight } from '../../ledger/tonight/tonight.ts';
import type { PublishingContext } from '../context.ts';
import { knownNow } from './known-now.ts';

type Context = Pick<PublishingContext, 'ledger' | 'platforms'>;

/** One publish of the night; `checkedAt` null: nobody has looked yet, or not at this version. */
export interface NightEntry {
  readonly facts: ItemFacts;
  readonly checkedAt: Date | null;
  readonly findings: readonly Finding[];
}

export interface Night extends NightCounts {
  /** One page: what is stopped first, then the first due. */
  readonly entries: readonly NightEntry[];
  /** Where the next page begins; null on the last one. */
  readonly next: NightPosition | null;
}

/** Everything of a workspace that is due within a day: the counts of all of it, and one page. */
export async function theNight(
  context: Context,
  {
    workspaceId,
    after,
    limit,
  }: { readonly workspaceId: string; readonly after: NightPosition | null; readonly limit: number },
): Promise<Night> {
  const needed = scopesNeeded(context);
  const [counts, checks] = await Promise.all([
    countTonight(context.ledger, { workspaceId, needed }),
    readTonight(context.ledger, { workspaceId, needed, after, limit: limit + 1 }),
  ]);
  const page = checks.slice(0, limit);
  const last = checks.length > limit ? page.at(-1) : undefined;
  const { id, publishAt: at } = last?.facts.schedule ?? {};
  const next = last && id !== undefined && at !== undefined ? { stopped: last.stopped, at, id } : null;
  const entries = page.map(({ facts, looked }) => ({
    facts,
    checkedAt: looked?.checkedAt ?? null,
    findings: [...knownOf(context, facts), ...(looked ? stillFound(looked, facts.schedule, facts.account) : [])],
  }));
  return { ...counts, entries, next };
}

function scopesNeeded({ platforms }: Context): ScopesNeeded[] {
  return [...platforms].map(([platform, adapter]) => ({
    platform,
    text: adapter.scopesFor({ media: false }),
    media: adapter.scopesFor({ media: true }),
  }));
}

function knownOf({ platforms }: Context, facts: ItemFacts): Finding[] {
  const { schedule, account, held } = facts;
  const { id: scheduleId, platform, accountId, content, publishAt, publishBefore } = schedule;
  return knownNow(platforms.get(platform), {
    ...{ scheduleId, accountId, account, held, content, publishAt, publishBefore },
    targetProblem: brokenTarget(facts),
    gate: gateFacts(facts, false),
  });
}
