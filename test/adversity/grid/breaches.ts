// Whether every law held of one publish, whatever it met: told by the ledger's rows and the platform's own record.
import { asc, eq } from 'drizzle-orm';
import { intents, schedules } from '../../../src/ledger/schema/schedules.ts';
import type { Stage } from '../../harness/stage.ts';
import type { Met } from './cell.ts';
import type { Field } from './ground.ts';
import { attemptsOf, type Standing } from './record.ts';
import { HORIZON_MS, SPACING_MS } from './settings.ts';

/** What must be zero of every publish. */
export interface Breaches {
  /** Faults of the cell that were not met, or not as often as it says: then the cell has shown nothing. */
  readonly unmetFaults: number;
  /** Attempts that ended without a typed record, or not at all (law 8). */
  readonly untypedAttempts: number;
  /** Create calls at the platform beyond the committed permissions (law 2). */
  readonly createsWithoutIntent: number;
  /** Creates that followed one which had not been looked for long, often and readably enough (law 4). */
  readonly hastyCreates: number;
  /** Creates that may have left and are accounted for nowhere, once the publish is published (law 6). */
  readonly openIntents: number;
  /** Posts that went live after the publish came to its last rest (law 1). */
  readonly latePosts: number;
}

/** No breach. */
export const LAWFUL: Breaches = {
  unmetFaults: 0,
  untypedAttempts: 0,
  createsWithoutIntent: 0,
  hastyCreates: 0,
  openIntents: 0,
  latePosts: 0,
};

/** A publish whose cell has been played. */
export interface PlayedPublish {
  readonly scheduleId: string;
  readonly field: Field;
  readonly meets: readonly Pick<Met<unknown>, 'times'>[];
  /** Where it came to rest last. */
  readonly rests: Standing;
  /** Another schedule has published on the same account. */
  readonly hasTwin: boolean;
  /** A person, not a look, said that the post was not live. */
  readonly denied: boolean;
}

type Intent = typeof intents.$inferSelect;

/** Counts the breaches of one publish. */
export async function breachesOf({ context }: Stage, publish: PlayedPublish): Promise<Breaches> {
  const { scheduleId, field, meets, rests, hasTwin, denied } = publish;
  const { db } = context.ledger;
  const made = await attemptsOf(db, scheduleId);
  const ofSchedule = eq(intents.scheduleId, scheduleId);
  const permitted = await db.select().from(intents).where(ofSchedule).orderBy(asc(intents.attemptNumber));
  const [schedule] = await db.select().from(schedules).where(eq(schedules.id, scheduleId));
  const isOpen = ({ state }: Intent) => state === 'sent' || state === 'unknown';
  return {
    unmetFaults: unmetFaults(meets, await field.met()),
    untypedAttempts: made.filter(({ outcome }) => outcome === null || outcome === 'interrupted').length,
    createsWithoutIntent: Math.max(0, (await field.creates()) - (hasTwin ? 1 : 0) - permitted.length),
    hastyCreates: denied ? 0 : hastyCreates(permitted, await field.looks()),
    openIntents: schedule?.state === 'published' ? permitted.filter(isOpen).length : 0,
    latePosts: (await field.live()) - rests.live,
  };
}

function unmetFaults(meets: PlayedPublish['meets'], met: readonly number[]): number {
  const isMet = ({ times = 1 }: { times?: number | null }, index: number) =>
    times === null ? (met[index] ?? 0) > 0 : met[index] === times;
  return meets.filter((wanted, index) => !isMet(wanted, index)).length;
}

/** `looks` is null where one look is conclusive. */
function hastyCreates(permitted: readonly Intent[], looks: readonly number[] | null): number {
  if (looks === null) return 0;
  return permitted.filter((intent) => intent.state === 'absent' && !isConclusive(looks, intent)).length;
}

/** The ledger's times are taken around the platform's; some ms lie between them. */
const LENIENCE_MS = 100;

/** Two looks that could be read, the horizon past and some time apart. */
function isConclusive(looks: readonly number[], { sendDeadline, closedAt }: Intent): boolean {
  const visibleMs = sendDeadline.getTime() + HORIZON_MS - LENIENCE_MS;
  const counted = looks.filter((at) => at >= visibleMs && at <= (closedAt?.getTime() ?? 0));
  const [first, last] = [counted[0], counted.at(-1)];
  return first !== undefined && last !== undefined && last - first >= SPACING_MS - LENIENCE_MS;
}
