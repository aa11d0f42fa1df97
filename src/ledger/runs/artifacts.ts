// What runs were given and what their stages made: content-addressed bytes, and one row for each time that something was made.
import { and, asc, eq, inArray, max } from 'drizzle-orm';
import { names } from '../../domain/pipeline/artifact-names.ts';
import type { Provenance } from '../../domain/pipeline/provenance.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { artifactBytes, runArtifacts } from '../schema/pipelines.ts';

export type ArtifactRow = typeof runArtifacts.$inferSelect;

/** Bytes that are stored, by what they are. */
export interface StoredBytes {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Keeps bytes here; `bytes` null: they lie in the media store already. The same again changes nothing. */
export async function keepBytes(
  { db, clock }: Ledger,
  { workspaceId, sha256, sizeBytes, bytes }: StoredBytes & { workspaceId: string; bytes: Uint8Array | null },
): Promise<void> {
  await db
    .insert(artifactBytes)
    .values({ workspaceId, sha256, sizeBytes, bytes, storedAt: clock.now() })
    .onConflictDoNothing();
}

/** The bytes kept here; null: they lie in the media store; undefined: nobody has them. */
export async function readBytes(
  { db }: Ledger,
  { workspaceId, sha256 }: { workspaceId: string; sha256: string },
): Promise<Uint8Array | null | undefined> {
  const [row] = await db
    .select({ bytes: artifactBytes.bytes })
    .from(artifactBytes)
    .where(and(eq(artifactBytes.workspaceId, workspaceId), eq(artifactBytes.sha256, sha256)));
  return row?.bytes;
}

export interface NewArtifact extends StoredBytes {
  readonly name: string;
  readonly mediaType: string;
  readonly provenance: Provenance;
}

/** Writes down what was made, as the newest version of each. Its bytes are kept already. */
export async function insertArtifacts(
  tx: Tx,
  { workspaceId, runId }: RunKey,
  made: readonly NewArtifact[],
  madeAt: Date,
): Promise<void> {
  if (made.length === 0) return;
  const versions = await tx
    .select({ name: runArtifacts.name, version: max(runArtifacts.version) })
    .from(runArtifacts)
    .where(
      and(
        ofRun({ workspaceId, runId }),
        inArray(
          runArtifacts.name,
          made.map(({ name }) => name),
        ),
      ),
    )
    .groupBy(runArtifacts.name);
  const newest = new Map(versions.map(({ name, version }) => [name, version ?? 0]));
  await tx.insert(runArtifacts).values(
    made.map((artifact) => ({
      workspaceId,
      runId,
      ...artifact,
      version: (newest.get(artifact.name) ?? 0) + 1,
      madeAt,
    })),
  );
}

/** Every version of every artifact of a run, the oldest first. */
export async function artifactsOf(db: Database | Tx, key: RunKey): Promise<ArtifactRow[]> {
  return db
    .select()
    .from(runArtifacts)
    .where(ofRun(key))
    .orderBy(asc(runArtifacts.madeAt), asc(runArtifacts.name), asc(runArtifacts.version));
}

/** What stands now, by name: what the newest attempt of each stage made. A picture that it did not make again is gone. */
export async function newestArtifacts(db: Database | Tx, key: RunKey): Promise<Map<string, ArtifactRow>> {
  const rows = await artifactsOf(db, key);
  const newest = new Map<string | null, number>();
  for (const { provenance } of rows) {
    newest.set(provenance.stage, Math.max(provenance.attempt, newest.get(provenance.stage) ?? 0));
  }
  const standing = rows.filter(({ provenance }) => provenance.attempt === newest.get(provenance.stage));
  return new Map(standing.map((row) => [row.name, row]));
}

/** What a stage of these inputs is given now, by name. */
export async function standingInputs(
  db: Database | Tx,
  key: RunKey,
  inputs: readonly string[],
): Promise<Map<string, ArtifactRow>> {
  const newest = await newestArtifacts(db, key);
  return new Map([...newest].filter(([name]) => inputs.some((declared) => names(declared, name))));
}

/** The digests of what a stage is given, by name. */
export function digestsOf(inputs: ReadonlyMap<string, ArtifactRow>): Record<string, string> {
  return Object.fromEntries([...inputs].map(([name, { sha256 }]) => [name, sha256]));
}

const ofRun = ({ workspaceId, runId }: RunKey) =>
  and(eq(runArtifacts.workspaceId, workspaceId), eq(runArtifacts.runId, runId));
