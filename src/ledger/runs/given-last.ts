// What the newest attempt of a stage that succeeded was given.
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { Database } from '../database/database.ts';
import { stageAttempts } from '../schema/pipelines.ts';

/** The digests by name; null: none has succeeded. */
export async function givenLast(
  db: Database,
  { workspaceId, runId }: RunKey,
  stageId: string,
): Promise<Readonly<Record<string, string>> | null> {
  const [attempt] = await db
    .select({ inputs: stageAttempts.inputs })
    .from(stageAttempts)
    .where(
      and(
        eq(stageAttempts.workspaceId, workspaceId),
        eq(stageAttempts.runId, runId),
        eq(stageAttempts.stageId, stageId),
        inArray(stageAttempts.outcome, ['succeeded', 'already_true']),
      ),
    )
    .orderBy(desc(stageAttempts.number))
    .limit(1);
  return attempt?.inputs ?? null;
}
