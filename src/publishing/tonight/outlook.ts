// What the ledger and the adapter know to be in the way of a publish. The grant is opened only to see whether it renews itself.
import { BLOCKED_TEXT } from '../../domain/gate/gate.ts';
import type { TargetProblem } from '../../domain/gate/target.ts';
import type { Content, Delivery } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { type Finding, type FindingKind, finding } from '../../domain/tonight/finding.ts';
import type { AccountRow } from '../../ledger/schedules/facts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { PublishingContext } from '../context.ts';

/** Everything that is known of a post before its time. */
export interface Outlook {
  readonly scheduleId: string;
  readonly platform: string;
  readonly accountId: string;
  readonly account: AccountRow | null;
  readonly targetProblem: TargetProblem | null;
  readonly content: Content;
  readonly delivery: Delivery;
  readonly publishAt: Date;
  readonly held: boolean;
  readonly approvalMissing: boolean;
  /** Posts of the account in the 24 hours before it, live already or due until then. */
  readonly beforeIt: number;
}

type Context = Pick<PublishingContext, 'ledger' | 'platforms'>;

/** What will stop it, as far as can be told without fetching anything. */
export function findingsOf(context: Context, outlook: Outlook): Finding[] {
  const tell = (kind: FindingKind, text: string) => finding(kind, text, outlook);
  if (outlook.targetProblem) {
    return [tell('target_broken', `${BLOCKED_TEXT.target_repair_required} (${outlook.targetProblem})`)];
  }
  const adapter = context.platforms.get(outlook.platform);
  if (!adapter || !outlook.account) return [];
  const found: Finding[] = [...connectionFindings(context, adapter, outlook)];
  if (outlook.approvalMissing) found.push(tell('approval_missing', BLOCKED_TEXT.review_not_approved));
  if (outlook.held) found.push(tell('on_hold', 'Publishing is on hold for it; it goes out when the hold is released.'));
  for (const problem of adapter.check(outlook.content, outlook.delivery.options, outlook.account)) {
    found.push(tell(problem.field.startsWith('media') ? 'media_limit_passed' : 'limit_passed', refusedFor(problem)));
  }
  const limit = adapter.createsPerDay;
  if (limit !== undefined && outlook.beforeIt >= limit) {
    found.push(
      tell(
        'quota_spent',
        `The account takes ${limit} posts in 24 hours, and ${outlook.beforeIt} come before this one.`,
      ),
    );
  }
  return found;
}

function connectionFindings(context: Context, adapter: PlatformAdapter, outlook: Outlook): Finding[] {
  const { account } = outlook;
  if (!account) return [];
  if (account.status !== 'connected') return [finding('disconnected', BLOCKED_TEXT['not-connected'], outlook)];
  const ends = account.grantExpiresAt;
  if (ends === null || ends > outlook.publishAt || renewsItself(context, adapter, account)) return [];
  const text = `The grant of ${account.name} ends at ${ends.toISOString()}, before the post is due; reconnect it.`;
  return [finding('grant_ends', text, outlook)];
}

/** A grant that the publish renews by itself ends for nobody. */
function renewsItself({ ledger }: Context, adapter: PlatformAdapter, account: AccountRow): boolean {
  if (adapter.renewAheadMs !== undefined) return false;
  const { refreshToken, password } = ledger.sealer.open(account.id, account.sealedGrant);
  return refreshToken !== undefined || password !== undefined;
}

/** A problem as a sentence of what the destination will do. */
export function refusedFor({ field, problem, limit }: FieldProblem): string {
  const told = limit && !problem.includes(limit) ? ` (${limit})` : '';
  return `The destination will refuse it: ${field} ${problem}${told}.`;
}
