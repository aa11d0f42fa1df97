// What the ledger alone knows to be in the way of a publish at this moment: the gate, the grant's scopes, the platform's resets.
import { BLOCKED_TEXT, type GateFacts } from '../../domain/gate/gate.ts';
import { throttle, windowsNeeded } from '../../domain/gate/rate-limits.ts';
import type { TargetProblem } from '../../domain/gate/target.ts';
import type { Content } from '../../domain/schedules/post.ts';
import { type About, type Finding, type FindingKind, finding } from '../../domain/tonight/finding.ts';
import type { AccountRow } from '../../ledger/schedules/facts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';

/** A post before its time, as far as the ledger knows it. */
export interface Known extends About {
  readonly account: AccountRow | null;
  readonly targetProblem: TargetProblem | null;
  readonly gate: Pick<GateFacts, 'handoff' | 'approvalMissing' | 'disconnected' | 'xMediaCapabilityMissing'>;
  readonly held: boolean;
  readonly content: Content;
  readonly publishAt: Date;
  readonly publishBefore: Date | null;
}

type Tell = (kind: FindingKind, text: string) => Finding;

/** What will stop it; of a post that a person publishes, only an account that is gone. `adapter`: of its platform, where we have one. */
export function knownNow(adapter: PlatformAdapter | undefined, known: Known): Finding[] {
  const tell: Tell = (kind, text) => finding(kind, text, known);
  const { targetProblem, gate, held } = known;
  if (targetProblem) return [tell('target_broken', `${BLOCKED_TEXT.target_repair_required} (${targetProblem})`)];
  if (gate.handoff) return [];
  return [
    ...connectionFindings(adapter, known, tell),
    ...(gate.approvalMissing ? [tell('approval_missing', BLOCKED_TEXT.review_not_approved)] : []),
    ...(held ? [tell('on_hold', 'Publishing is on hold for it; it goes out when the hold is released.')] : []),
    ...throttleFindings(known, tell),
  ];
}

/** As the publish would meet it: the gate first, then what the platform would miss. */
function connectionFindings(adapter: PlatformAdapter | undefined, known: Known, tell: Tell): Finding[] {
  const { account, gate, content } = known;
  if (gate.disconnected) return [tell('disconnected', BLOCKED_TEXT['not-connected'])];
  if (gate.xMediaCapabilityMissing) {
    return [tell('media_capability_missing', BLOCKED_TEXT['x-media-capability-missing'])];
  }
  // Nothing is known of a grant whose scopes nobody told.
  if (!account || !adapter || account.scopes.length === 0) return [];
  const needed = adapter.scopesFor({ media: content.media.length > 0 });
  const missing = needed.filter((scope) => !account.scopes.includes(scope));
  if (missing.length === 0) return [];
  const [cause] = missing.flatMap((scope) => adapter.causeOfMissing?.(scope) ?? []);
  const text = `The grant of ${account.name} lacks ${missing.join(', ')}, which the post needs; reconnect the account.`;
  return [finding('scope_missing', text, known, cause)];
}

/** A reset that comes after the due time, which the publish will wait for. */
function throttleFindings({ account, content, publishAt, publishBefore }: Known, tell: Tell): Finding[] {
  const needed = windowsNeeded({ look: false, media: content.media.length > 0 });
  const throttled = throttle(account?.rateLimits ?? {}, needed, publishAt);
  if (!account || !throttled) return [];
  const until = `${account.name} is throttled until ${throttled.until.toISOString()}`;
  if (publishBefore !== null && throttled.until >= publishBefore) {
    const last = publishBefore.toISOString();
    return [tell('too_late', `${until}, and the post may not go out from ${last} on; give it another time.`)];
  }
  return [tell('throttled', `${until}; the post goes out then, not at its time.`)];
}
