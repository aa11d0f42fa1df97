// Whether a rule that is about an event fires for it: decided under the rule's lock, so that two events at once are one after the other.
import { and, count, eq, gt, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { OpsEvent } from '../../domain/events/event.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { valueAtPath } from '../../domain/rules/condition.ts';
import { type RuleMemory, type RuleVerdict, verdictOf } from '../../domain/rules/rule.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { raiseAlarm } from '../alarms/raise.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { ruleFires, rules } from '../schema/rules.ts';
import type { RuleRow } from './rules.ts';

const MINUTE_MS = 60_000;

export interface Fired {
  readonly rule: Pick<RuleRow, 'id' | 'name' | 'definition'>;
  readonly verdict: Exclude<RuleVerdict, 'no_match'>;
  /** Appended to the audit trail by the caller, last. */
  readonly events: readonly AuditEvent[];
}

export interface Firing {
  readonly event: OpsEvent;
  readonly clock: Ledger['clock'];
  /** More within a minute is a storm. */
  readonly mostPerMinute: number;
}

/** Null: it was disabled since it was looked up. */
export async function fireRule(tx: Tx, ruleId: string, { event, clock, mostPerMinute }: Firing): Promise<Fired | null> {
  const [rule] = await tx
    .select()
    .from(rules)
    .where(and(eq(rules.id, ruleId), eq(rules.enabled, true)))
    .for('update');
  if (!rule) return null;
  // Not before: whoever waited for the lock is later than whoever had it.
  const at = clock.now();
  const alike = alikeOf(rule, event);
  const verdict = verdictOf(rule.definition, await memoryOf(tx, rule, alike, at), { at, mostPerMinute });
  const own = eq(rules.id, rule.id);
  if (verdict === 'fires') {
    await tx.insert(ruleFires).values({ ruleId: rule.id, eventId: event.event_id, at, alike }).onConflictDoNothing();
    await tx
      .update(rules)
      .set({ hits: sql`${rules.hits} + 1`, lastFiredAt: at })
      .where(own);
    return { rule, verdict, events: [] };
  }
  await tx
    .update(rules)
    .set({ suppressed: sql`${rules.suppressed} + 1` })
    .where(own);
  return { rule, verdict, events: verdict === 'storm' ? await stormed(tx, rule, { event, at, mostPerMinute }) : [] };
}

function alikeOf({ definition }: RuleRow, event: OpsEvent): string | null {
  if (!definition.dedupe) return null;
  return sha256Hex(JSON.stringify(definition.dedupe.paths.map((path) => [valueAtPath(event, path) ?? null])));
}

async function memoryOf(
  tx: Tx,
  { id, definition, lastFiredAt }: RuleRow,
  alike: string | null,
  at: Date,
): Promise<RuleMemory> {
  const since = (ms: number) => gt(ruleFires.at, new Date(at.getTime() - ms));
  const own = eq(ruleFires.ruleId, id);
  const fires = async (where: ReturnType<typeof and>) =>
    (await tx.select({ fires: count() }).from(ruleFires).where(where))[0]?.fires ?? 0;
  const { dedupe } = definition;
  const alikeFires = dedupe && alike ? await fires(and(own, eq(ruleFires.alike, alike), since(dedupe.window_ms))) : 0;
  return { lastFiredAt, firedAlike: alikeFires > 0, firedInLastMinute: await fires(and(own, since(MINUTE_MS))) };
}

/** On record once for as long as the alarm stands: a thousand triggers are one storm. */
async function stormed(
  tx: Tx,
  { id, name, workspaceId }: RuleRow,
  { event, at, mostPerMinute }: { readonly event: OpsEvent; readonly at: Date; readonly mostPerMinute: number },
): Promise<AuditEvent[]> {
  const traceId = event.correlation.trace_id;
  const says = `It fired ${mostPerMinute} times within a minute and was stopped; what it is about since then is counted as suppressed.`;
  const opened = await raiseAlarm(tx, { workspaceId, kind: 'rule_storm', subject: name, says, traceId, at });
  if (opened.length === 0) return [];
  const payload = { ruleId: id, name, mostPerMinute };
  return [{ workspaceId, traceId, type: OTHER_AUDIT.stormBlocked, actor: SYSTEM_ACTOR, payload, at }, ...opened];
}
