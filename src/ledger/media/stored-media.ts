// The rows of the media store. A row and the file behind it come and go together: whoever holds the row's lock may place or
// remove the file, and nobody else.
import { and, eq, lt, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { MediaType } from '../../domain/schedules/media-type.ts';
import type { StoredFacts } from '../../domain/schedules/stored-media.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { NAMES_STORED_MEDIA } from '../schema/columns.ts';
import { storedMedia } from '../schema/media.ts';
import { schedules, scheduleVersions } from '../schema/schedules.ts';

/** A stored file is its workspace's own: another one may have the same bytes. */
export interface StoredKey {
  readonly workspaceId: string;
  readonly sha256: string;
}

export interface StoredFile extends StoredKey {
  readonly mediaType: MediaType;
  readonly sizeBytes: number;
  readonly facts: StoredFacts;
}

const isFile = ({ workspaceId, sha256 }: StoredKey) =>
  and(eq(storedMedia.workspaceId, workspaceId), eq(storedMedia.sha256, sha256));

const COLUMNS = {
  workspaceId: storedMedia.workspaceId,
  sha256: storedMedia.sha256,
  mediaType: storedMedia.mediaType,
  sizeBytes: storedMedia.sizeBytes,
  facts: storedMedia.facts,
};

/** The file, or null when the workspace has none of that name. */
export async function findStored({ db }: Ledger, key: StoredKey): Promise<StoredFile | null> {
  const [row] = await db.select(COLUMNS).from(storedMedia).where(isFile(key));
  return row ?? null;
}

/** The same for a post that is about to name it: the file stays at least as long as an upload would. */
export async function nameStored({ db, clock }: Ledger, key: StoredKey): Promise<StoredFile | null> {
  const [row] = await db.update(storedMedia).set({ lastNamedAt: clock.now() }).where(isFile(key)).returning(COLUMNS);
  return row ?? null;
}

/** Any workspace's file of these bytes, for whoever holds an address that we signed: equal bytes are one and the same. */
export async function findStoredAnywhere({ db }: Ledger, sha256: string): Promise<StoredFile | null> {
  const [row] = await db.select(COLUMNS).from(storedMedia).where(eq(storedMedia.sha256, sha256)).limit(1);
  return row ?? null;
}

/** Stores the row; `place` puts the file where it belongs before the row can be seen. False: it was there already. */
export async function insertStored(
  ledger: Ledger,
  file: StoredFile & { readonly actor: Actor },
  place: () => Promise<void>,
): Promise<boolean> {
  const { actor, ...row } = file;
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const [stored] = await tx
      .insert(storedMedia)
      .values({ ...row, createdAt: at, createdBy: actor, lastNamedAt: at })
      .onConflictDoUpdate({ target: [storedMedia.workspaceId, storedMedia.sha256], set: { lastNamedAt: at } })
      .returning({ isNew: sql<boolean>`xmax = 0` });
    if (stored?.isNew !== true) return false;
    await place();
    const { workspaceId, sha256, mediaType, sizeBytes } = row;
    const type = OTHER_AUDIT.mediaStored;
    await appendAudit(tx, [
      { workspaceId, traceId: newId(), type, actor, payload: { sha256, mediaType, sizeBytes }, at },
    ]);
    return true;
  });
}

/** Files that were last named before `before`, and that no post names in any version. */
export async function unusedFiles({ db }: Ledger, before: Date, limit: number): Promise<StoredKey[]> {
  return db
    .select({ workspaceId: storedMedia.workspaceId, sha256: storedMedia.sha256 })
    .from(storedMedia)
    .where(and(lt(storedMedia.lastNamedAt, before), NAMED_NOWHERE))
    .orderBy(storedMedia.lastNamedAt)
    .limit(limit);
}

/** Drops the row and, by `remove`, its file; false when it is used by now, or somebody else is at it. */
export async function dropStored(
  ledger: Ledger,
  key: StoredKey,
  before: Date,
  remove: () => Promise<void>,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const [held] = await tx
      .select({ sha256: storedMedia.sha256 })
      .from(storedMedia)
      .where(and(isFile(key), lt(storedMedia.lastNamedAt, before), NAMED_NOWHERE))
      .for('update', { skipLocked: true });
    if (!held) return false;
    await remove();
    await tx.delete(storedMedia).where(isFile(key));
    const { workspaceId, sha256 } = key;
    const type = OTHER_AUDIT.mediaDropped;
    const at = ledger.clock.now();
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type, actor: SYSTEM_ACTOR, payload: { sha256 }, at }]);
    return true;
  });
}

/** Literal where the partial indexes are, so that the planner sees that they serve the query. */
const namesIt = (table: typeof schedules | typeof scheduleVersions) =>
  sql`${table.workspaceId} = ${storedMedia.workspaceId} and ${table}.${NAMES_STORED_MEDIA}
    and ${table.content} -> 'media' @> jsonb_build_array(jsonb_build_object('url', 'media:' || ${storedMedia.sha256}))`;

const NAMED_NOWHERE = sql`not exists (select from ${schedules} where ${namesIt(schedules)})
  and not exists (select from ${scheduleVersions} where ${namesIt(scheduleVersions)})`;
