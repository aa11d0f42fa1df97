// What the ledger and the adapter know to be in the way of a publish. The grant is opened only to see whether it renews itself.
import type { Delivery } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { type Finding, finding } from '../../domain/tonight/finding.ts';
import { holdsRenewal } from '../../ledger/accounts/holds-renewal.ts';
import type { AccountRow } from '../../ledger/schedules/facts.ts';
import { countBefore } from '../../ledger/tonight/tonight.ts';
import type { CreateQuota, PlatformAdapter } from '../../platforms/contract.ts';
import type { PublishingContext } from '../context.ts';
import { type Known, knownNow } from './known-now.ts';

/** Everything that is known of a post before its time. */
export interface Outlook extends Known {
  readonly workspaceId: string;
  readonly platform: string;
  readonly delivery: Delivery;
}

type Context = Pick<PublishingContext, 'ledger' | 'platforms'>;

/** What will stop it, as far as can be told without fetching anything. */
export async function findingsOf(context: Context, outlook: Outlook): Promise<Finding[]> {
  const adapter = context.platforms.get(outlook.platform);
  const now = knownNow(adapter, outlook);
  if (outlook.targetProblem || !adapter || !outlook.account) return now;
  const limits = limitFindings(adapter, outlook, outlook.account);
  // A person goes by the account as they have it.
  if (outlook.gate.handoff) return [...now, ...limits];
  const grant = grantFindings(context, adapter, outlook);
  return [...now, ...grant, ...limits, ...(await quotaFindings(context, adapter, outlook))];
}

function limitFindings(adapter: PlatformAdapter, outlook: Outlook, account: AccountRow): Finding[] {
  return adapter.check(outlook.content, outlook.delivery.options, account).map((problem) => {
    const kind = problem.field.startsWith('media') ? 'media_limit_passed' : 'limit_passed';
    return finding(kind, refusedFor(problem), outlook);
  });
}

function grantFindings(context: Context, adapter: PlatformAdapter, outlook: Outlook): Finding[] {
  const { account } = outlook;
  if (account?.status !== 'connected') return [];
  const ends = account.grantExpiresAt;
  if (ends === null || ends > outlook.publishAt || renewsItself(context, adapter, account)) return [];
  const text = `The grant of ${account.name} ends at ${ends.toISOString()}, before the post is due; reconnect it.`;
  return [finding('grant_ends', text, outlook)];
}

/** The tightest quota that is spent by then; the others say no more. */
async function quotaFindings({ ledger }: Context, adapter: PlatformAdapter, outlook: Outlook): Promise<Finding[]> {
  for (const { posts, withinMs } of adapter.createQuotas ?? []) {
    const before = await countBefore(ledger, outlook, withinMs);
    if (before < posts) continue;
    const text = `The account takes ${posts} posts in ${span(withinMs)}, and ${before} come before this one.`;
    return [finding('quota_spent', text, outlook)];
  }
  return [];
}

const HOUR_MS = 3_600_000;

function span(ms: CreateQuota['withinMs']): string {
  if (ms === HOUR_MS) return 'an hour';
  return ms > HOUR_MS ? `${ms / HOUR_MS} hours` : `${ms / 60_000} minutes`;
}

/** A grant that the publish renews by itself ends for nobody. */
function renewsItself({ ledger }: Context, adapter: PlatformAdapter, account: AccountRow): boolean {
  return adapter.renewAheadMs === undefined && holdsRenewal(ledger, account);
}

/** A problem as a sentence of what the destination will do. */
export function refusedFor({ field, problem, limit }: FieldProblem): string {
  const told = limit && !problem.includes(limit) ? ` (${limit})` : '';
  return `The destination will refuse it: ${field} ${problem}${told}.`;
}
