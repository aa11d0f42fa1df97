// What a stage may have done that nobody is at any more: its worker died, or its workflow was ended under it.
import { canLook, keepsCalls } from '../../domain/pipeline/contract.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { doubtCalls } from '../tool-calls/tool-calls.ts';
import { type RunFacts, stepOf } from './run-facts.ts';

export interface LeftBehind {
  /** Of its calls whose outcome is in doubt from now on. */
  readonly events: readonly AuditEvent[];
  /** What it does once may have happened. */
  readonly mayHave: boolean;
  /** It may have, and only a person can find out. */
  readonly asksPerson: boolean;
}

/** Doubts the calls of the present stage, at which somebody was. */
export async function leaveBehind(tx: Tx, facts: RunFacts, at: Date): Promise<LeftBehind> {
  const { spec } = facts;
  const { events, open } = await doubtCalls(tx, stepOf(facts), at);
  const mayHave = spec.effect === 'once' && (open > 0 || !keepsCalls(spec));
  return { events, mayHave, asksPerson: mayHave && !canLook(spec) };
}

/** `why`: a sentence that says why nobody is at it. */
export function askedOf(why: string): StageCause {
  return stageCause(
    'outcome_unknown',
    `${why} What it does may have happened; look, then hand in its result or try again.`,
  );
}
