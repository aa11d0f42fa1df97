// Keeps the versions of a post that were replaced, and finds one again by its fingerprint.
import { and, asc, desc, eq } from 'drizzle-orm';
import type { Actor } from '../../domain/people/actor.ts';
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import type { Version, VersionChange } from '../../domain/schedules/version-changes.ts';
import type { Database, Tx } from '../database/database.ts';
import { belongsTo } from '../schema/keys.ts';
import { scheduleVersions } from '../schema/schedules.ts';
import type { ScheduleRow } from './facts.ts';

/** Keeps the version that stands in the row, which is about to be replaced. */
export async function keepVersion(
  tx: Tx,
  schedule: ScheduleRow,
  { changed, actor, at }: { readonly changed: readonly VersionChange[]; readonly actor: Actor; readonly at: Date },
): Promise<void> {
  const { fingerprint, accountId, content, delivery } = schedule;
  const replaced = { changed: [...changed], replacedAt: at, replacedBy: actor };
  await tx
    .insert(scheduleVersions)
    .values({ ...keyOf(schedule), fingerprint, accountId, content, delivery, ...replaced });
}

/** The version of that fingerprint, present or replaced; null when the post never had it. */
export async function findVersion(
  db: Database | Tx,
  schedule: ScheduleRow,
  fingerprint: string,
): Promise<Version | null> {
  if (schedule.fingerprint === fingerprint) return schedule;
  const { accountId, content, delivery } = scheduleVersions;
  const [row] = await db
    .select({ accountId, content, delivery })
    .from(scheduleVersions)
    .where(and(belongsTo(scheduleVersions, keyOf(schedule)), eq(scheduleVersions.fingerprint, fingerprint)))
    .orderBy(desc(scheduleVersions.replacedAt))
    .limit(1);
  return row ?? null;
}

/** Every version that was replaced, in the order in which that happened. */
export async function replacedVersions(
  db: Database,
  schedule: ScheduleRow,
): Promise<(Pick<Version, 'content'> & { readonly replacedAt: Date })[]> {
  const { content, replacedAt } = scheduleVersions;
  return db
    .select({ content, replacedAt })
    .from(scheduleVersions)
    .where(belongsTo(scheduleVersions, keyOf(schedule)))
    .orderBy(asc(replacedAt));
}
