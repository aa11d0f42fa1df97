// Everything that is on record of one run, for whoever looks at it.
import { and, asc, eq } from 'drizzle-orm';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { Ledger } from '../ledger.ts';
import { runDecisions, runMessages, stageAttempts } from '../schema/pipelines.ts';
import { callsOfTask } from '../tool-calls/tool-calls.ts';
import { artifactsOf } from './artifacts.ts';
import { findingsOf, rechecksOf } from './findings.ts';
import { readRunFacts } from './run-facts.ts';

/** Of looks at its published post, those that are told. */
const SHOWN_RECHECKS = 20;

/** Null: the workspace has no such run. */
export async function readRunRecord({ db }: Ledger, key: RunKey) {
  const facts = await readRunFacts(db, key);
  if (!facts) return null;
  const ofRun = <Table extends typeof stageAttempts | typeof runDecisions | typeof runMessages>(table: Table) =>
    and(eq(table.workspaceId, key.workspaceId), eq(table.runId, key.runId));
  const attempts = await db
    .select()
    .from(stageAttempts)
    .where(ofRun(stageAttempts))
    .orderBy(asc(stageAttempts.startedAt), asc(stageAttempts.number));
  const artifacts = await artifactsOf(db, key);
  const decisions = await db
    .select()
    .from(runDecisions)
    .where(ofRun(runDecisions))
    .orderBy(asc(runDecisions.decidedAt));
  const messages = await db.select().from(runMessages).where(ofRun(runMessages)).orderBy(asc(runMessages.receivedAt));
  const calls = await callsOfTask(db, { workspaceId: key.workspaceId, task: key.runId });
  const rechecks = await rechecksOf(db, key, SHOWN_RECHECKS);
  const finding = (await findingsOf({ db }, key.workspaceId, [key.runId])).get(key.runId) ?? null;
  return { facts, calls, attempts, artifacts, decisions, messages, rechecks, finding };
}
export type RunRecord = NonNullable<Awaited<ReturnType<typeof readRunRecord>>>;
