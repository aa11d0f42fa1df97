// What became of a publish, told by those who cannot flatter us: the platform's own record, and every row of the ledger.
import { asc, eq } from 'drizzle-orm';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { readResult } from '../../src/ledger/schedules/result.ts';
import { attempts, intents } from '../../src/ledger/schema/schedules.ts';
import type { Stage } from './stage.ts';

/** How often the platform shows the post, and how many create calls reached it. */
export interface PlatformRecord {
  live(): Promise<number>;
  creates(): Promise<number>;
}

export interface Outcome {
  readonly live: number;
  readonly state: string;
  /** The outcome of each attempt in order; null where one has none (law 8 allows no such thing). */
  readonly attempts: readonly (string | null)[];
  /** What became of each permission to create, in order. */
  readonly intents: readonly string[];
  readonly creates: number;
}

/** Reads it as it stands now. */
export async function outcomeOf(stage: Stage, scheduleId: string, record: PlatformRecord): Promise<Outcome> {
  const { ledger } = stage.context;
  const { db } = ledger;
  const tried = await db
    .select({ outcome: attempts.outcome })
    .from(attempts)
    .where(eq(attempts.scheduleId, scheduleId))
    .orderBy(asc(attempts.number));
  const permitted = await db
    .select({ state: intents.state })
    .from(intents)
    .where(eq(intents.scheduleId, scheduleId))
    .orderBy(asc(intents.attemptNumber));
  return {
    live: await record.live(),
    state: (await readResult(ledger, stage.keyOf(scheduleId))).state,
    attempts: tried.map(({ outcome }) => outcome),
    intents: permitted.map(({ state }) => state),
    creates: await record.creates(),
  };
}

/** Every law that holds of a publish which ended well, however it got there. */
export const PUBLISHED_ONCE = {
  live: 1,
  state: 'published',
  untypedAttempts: 0,
  openIntents: 0,
  callsWithoutIntent: 0,
} as const;

/** The same facts as {@link PUBLISHED_ONCE}, of one publish. */
export async function lawsOf(stage: Stage, scheduleId: string, record: PlatformRecord) {
  const outcome = await outcomeOf(stage, scheduleId, record);
  return {
    live: outcome.live,
    state: outcome.state,
    untypedAttempts: outcome.attempts.filter((attempt) => attempt === null).length,
    openIntents: outcome.intents.filter((state) => state === 'sent' || state === 'unknown').length,
    callsWithoutIntent: Math.max(0, outcome.creates - outcome.intents.length),
  };
}

/** The first break in the stage's audit chain; null when it is whole. */
export function auditBreak({ context, workspaceId }: Stage): Promise<number | null> {
  return firstAuditBreak(context.ledger.db, workspaceId);
}
