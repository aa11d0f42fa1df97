// The night as it stands: what the ledger knows is in the way at this moment, and what the last look found beside it.
import { BLOCKED_TEXT } from '../../domain/gate/gate.ts';
import { type Finding, type FindingKind, finding } from '../../domain/tonight/finding.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { brokenTarget, gateFacts } from '../../ledger/schedules/facts.ts';
import type { ItemFacts } from '../../ledger/schedules/items.ts';
import { readTonight, type TonightCheck } from '../../ledger/tonight/tonight.ts';
import { checkTonight, type TonightContext } from './foresee.ts';

/** Looked at beside each other. */
const AT_ONCE = 5;

/** What stands in the ledger is told as it is now, whatever the last look found. */
const KNOWN_NOW: ReadonlySet<FindingKind> = new Set(['target_broken', 'disconnected', 'approval_missing', 'on_hold']);

/** Everything of a workspace that is due within a day, the first first, at most `limit`. */
export async function theNight(ledger: Ledger, workspaceId: string, limit: number): Promise<TonightCheck[]> {
  const checks = await readTonight(ledger, workspaceId, limit);
  return checks.map((check) => ({
    ...check,
    findings: [...knownNow(check.facts), ...check.findings.filter(({ kind }) => !KNOWN_NOW.has(kind))],
  }));
}

/** Looks at all of it now, media included; answers at how many. */
export async function lookAtTheNight(context: TonightContext, workspaceId: string, limit: number): Promise<number> {
  const checks = await readTonight(context.ledger, workspaceId, limit);
  for (let at = 0; at < checks.length; at += AT_ONCE) {
    const ids = checks.slice(at, at + AT_ONCE).map(({ facts }) => facts.schedule.id);
    await Promise.all(ids.map((scheduleId) => checkTonight(context, { workspaceId, scheduleId })));
  }
  return checks.length;
}

function knownNow(facts: ItemFacts): Finding[] {
  const { id: scheduleId, accountId } = facts.schedule;
  const gate = gateFacts(facts, false);
  const tell = (kind: FindingKind, text: string) => finding(kind, text, { scheduleId, accountId });
  const problem = brokenTarget(facts);
  return [
    ...(problem ? [tell('target_broken', `${BLOCKED_TEXT.target_repair_required} (${problem})`)] : []),
    ...(gate.disconnected ? [tell('disconnected', BLOCKED_TEXT['not-connected'])] : []),
    ...(gate.approvalMissing ? [tell('approval_missing', BLOCKED_TEXT.review_not_approved)] : []),
    ...(facts.held ? [tell('on_hold', 'Publishing is on hold for it; it goes out when the hold is released.')] : []),
  ];
}
