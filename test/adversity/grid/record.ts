// Where the ledger and the platform say that one publish rests.
import { asc, eq } from 'drizzle-orm';
import { attempts, schedules } from '../../../src/ledger/schema/schedules.ts';
import type { Stage } from '../../harness/stage.ts';
import { UNKNOWN } from './endings.ts';
import type { Field } from './ground.ts';

/** A publish at rest, in the words of a cell's `Ending`. */
export interface Standing {
  readonly state: string;
  readonly cause: string | null;
  readonly wakesInMs: number | null;
  readonly trail: readonly string[];
  readonly creates: number;
  readonly live: number;
  readonly attempts: number;
}

/** Reads where a publish stands, its trail from the attempt after `since`. */
export async function standingOf({ context }: Stage, scheduleId: string, field: Field, since = 0): Promise<Standing> {
  const { db } = context.ledger;
  const [schedule] = await db.select().from(schedules).where(eq(schedules.id, scheduleId));
  if (!schedule) throw new TypeError(`there is no schedule ${scheduleId}`);
  const made = await attemptsOf(context.ledger.db, scheduleId);
  const endedAt = made.at(-1)?.endedAt ?? null;
  return {
    state: schedule.state,
    cause: schedule.cause?.code ?? null,
    wakesInMs: schedule.wakeAt && endedAt && schedule.wakeAt.getTime() - endedAt.getTime(),
    trail: withoutRepeats(
      made.slice(since).map(({ outcome, cause }) => [outcome, cause?.code].filter(Boolean).join(' ')),
    ),
    creates: await field.creates(),
    live: await field.live(),
    attempts: made.length,
  };
}

/** How each attempt of a schedule ended, in order. */
export function attemptsOf(db: Stage['context']['ledger']['db'], scheduleId: string) {
  const { outcome, cause, endedAt } = attempts;
  return db
    .select({ outcome, cause, endedAt })
    .from(attempts)
    .where(eq(attempts.scheduleId, scheduleId))
    .orderBy(asc(attempts.number));
}

/** How often a look comes back empty depends on the machine's pace; what it leads to does not. */
function withoutRepeats(trail: readonly string[]): string[] {
  const isEmptyLook = (entry: string, before = '') => entry === UNKNOWN && before.startsWith('outcome_unknown');
  const told = trail.filter((entry, index) => !isEmptyLook(entry, trail[index - 1]));
  return told.filter((entry, index) => entry !== told[index - 1]);
}
