// Rules of a workspace: made, changed, enabled, listed.
import { and, asc, eq } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Rule } from '../../domain/rules/rule.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { rules } from '../schema/rules.ts';

export type RuleRow = typeof rules.$inferSelect;

export interface NewRule {
  readonly workspaceId: string;
  readonly definition: Rule;
  readonly actor: Actor;
}

/** Null: another one of the workspace has the name. */
export function makeRule(ledger: Ledger, { workspaceId, definition, actor }: NewRule): Promise<RuleRow | null> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const row = { id: newId(), workspaceId, name: definition.name, definition, enabled: true, hits: 0, suppressed: 0 };
    const times = { madeBy: actor, madeAt: at, changedAt: at, lastFiredAt: null };
    const [made] = await tx
      .insert(rules)
      .values({ ...row, ...times })
      .onConflictDoNothing()
      .returning();
    if (!made) return null;
    const payload = { ruleId: made.id, name: made.name, definition };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.ruleMade, actor, payload, at }]);
    return made;
  });
}

/** By name. */
export function listRules({ db }: Ledger, workspaceId: string): Promise<RuleRow[]> {
  return db.select().from(rules).where(eq(rules.workspaceId, workspaceId)).orderBy(asc(rules.name));
}

/** Those that may fire, in one order for everybody who locks them. */
export function activeRules({ db }: Ledger, workspaceId: string): Promise<RuleRow[]> {
  const active = and(eq(rules.workspaceId, workspaceId), eq(rules.enabled, true));
  return db.select().from(rules).where(active).orderBy(asc(rules.id));
}

export interface RuleChange {
  readonly workspaceId: string;
  readonly id: string;
  readonly enabled?: boolean | undefined;
  /** Instead of the present one; its name may be another. */
  readonly definition?: Rule | undefined;
  readonly actor: Actor;
}

/** `name_taken`: another rule has it, and nothing was changed. Null: there is no such rule. */
export async function changeRule(ledger: Ledger, change: RuleChange): Promise<RuleRow | 'name_taken' | null> {
  const { workspaceId, id, enabled, definition, actor } = change;
  return ledger.db.transaction(async (tx) => {
    const [rule] = await tx
      .select()
      .from(rules)
      .where(and(eq(rules.workspaceId, workspaceId), eq(rules.id, id)))
      .for('update');
    if (!rule) return null;
    if (definition && definition.name !== rule.name) {
      const taken = and(eq(rules.workspaceId, workspaceId), eq(rules.name, definition.name));
      if ((await tx.select({ id: rules.id }).from(rules).where(taken)).length > 0) return 'name_taken';
    }
    const at = ledger.clock.now();
    const next = {
      enabled: enabled ?? rule.enabled,
      definition: definition ?? rule.definition,
      name: definition?.name ?? rule.name,
    };
    const [changed = rule] = await tx
      .update(rules)
      .set({ ...next, changedAt: at })
      .where(eq(rules.id, id))
      .returning();
    const payload = { ruleId: id, ...next, before: { enabled: rule.enabled, definition: rule.definition } };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.ruleChanged, actor, payload, at }]);
    return changed;
  });
}
