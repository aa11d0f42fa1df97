// Runs as every door shows them.
import { z } from 'zod';
import { viewCause } from '../../domain/pipeline/cause-view.ts';
import { publicAddress, stageOf } from '../../domain/pipeline/contract.ts';
import { RECHECK_REFUSALS, refuseRecheck } from '../../domain/pipeline/recheck.ts';
import { type RunKey, scheduleIdOfRun } from '../../domain/pipeline/run-id.ts';
import type { ArtifactView, RunSummary, RunView } from '../../domain/pipeline/run-view.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ArtifactRow } from '../../ledger/runs/artifacts.ts';
import { ASKED_FINGERPRINT } from '../../ledger/runs/decisions.ts';
import { findingsOf, type StandingFinding } from '../../ledger/runs/findings.ts';
import type { RunRow } from '../../ledger/runs/run-facts.ts';
import { type RunRecord, readRunRecord } from '../../ledger/runs/run-record.ts';
import { viewFinding, viewRecheck } from '../recheck/view-recheck.ts';

/** Rows of one workspace, with what stands found wrong of each. */
export async function viewRunRows(ledger: Ledger, workspaceId: string, rows: readonly RunRow[]): Promise<RunSummary[]> {
  const ids = rows.map(({ id }) => id);
  const findings = await findingsOf(ledger, workspaceId, ids);
  return rows.map((row) => viewRunRow(row, findings.get(row.id) ?? null));
}

function viewRunRow(run: RunRow, standing: StandingFinding | null): RunSummary {
  const { id, pipeline, slug, zone, title, state, stageId, terminal, wakeAt, createdAt, updatedAt, endedAt, creator } =
    run;
  return {
    id,
    pipeline,
    slug,
    zone,
    title,
    state,
    stage: stageId,
    terminal,
    wakeAt: wakeAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    creator,
    finding: viewFinding(run, standing),
    href: `/runs/${id}`,
  };
}

/** Null: the workspace has no such run. */
export async function viewRun(ledger: Ledger, key: RunKey): Promise<RunView | null> {
  const record = await readRunRecord(ledger, key);
  return record && viewOf(record);
}

function viewOf(record: RunRecord): RunView {
  const { facts, attempts, calls, artifacts, decisions, messages, rechecks, finding } = record;
  const { run, contract, stages } = facts;
  const { workflowId, version, traceId, zone, slug } = run;
  const address = publicAddress(contract, zone, slug);
  return {
    run: { ...viewRunRow(run, finding), workflowId, version, traceId, scheduleId: scheduleIdOfRun(run.id), address },
    rechecks: rechecks.map(viewRecheck),
    recheckRefusal: refusalOf(facts),
    asks: asksOf(facts),
    conflict: conflictOf(facts, attempts),
    stages: stages.map(({ stageId, state, attempts: made, cause, says }) => ({
      id: stageId,
      runner: stageOf(contract, stageId)?.runner ?? 'builtin',
      state,
      attempts: made,
      cause: cause && viewCause(cause),
      says,
      makes: stageOf(contract, stageId)?.artifacts.map(({ name }) => name) ?? [],
      mediaTypes: Object.fromEntries(
        stageOf(contract, stageId)?.artifacts.map(({ name, mediaType }) => [name, mediaType]) ?? [],
      ),
    })),
    attempts: attempts.map(({ stageId, number, startedAt, endedAt, outcome, cause, evidence, inputs }) => ({
      stage: stageId,
      number,
      runner: stageOf(contract, stageId)?.runner ?? 'builtin',
      startedAt: startedAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      outcome,
      cause: cause && viewCause(cause),
      evidence,
      inputs,
    })),
    toolCalls: calls.map(({ step, action, key, state, tries, attemptedAt, settledAt, settledBy }) => ({
      stage: step,
      action,
      key,
      state,
      tries,
      attemptedAt: attemptedAt.toISOString(),
      settledAt: settledAt?.toISOString() ?? null,
      settledBy,
    })),
    artifacts: artifacts.map((row) => viewArtifact(run.id, row)),
    decisions: decisions.map(({ stageId, verdict, fingerprint, decidedBy, decidedAt, note }) => ({
      stage: stageId,
      verdict,
      fingerprint,
      decidedBy,
      decidedAt: decidedAt.toISOString(),
      note,
    })),
    messages: messages.map(({ name, body, verdict: { accepted, text }, actor, receivedAt }) => ({
      name,
      stage: namedSchema.safeParse(body).data?.stage ?? null,
      accepted,
      text,
      by: actor,
      at: receivedAt.toISOString(),
    })),
  };
}

/** Of what a message said, which may be nonsense. */
const namedSchema = z.looseObject({ stage: z.string() });

function viewArtifact(runId: string, row: ArtifactRow): ArtifactView {
  const { name, version, sha256, mediaType, sizeBytes, provenance, madeAt } = row;
  const { stage, attempt, by, inputs } = provenance;
  const href = `/api/runs/${runId}/artifacts/${encodeURIComponent(name)}?version=${version}`;
  return {
    name,
    version,
    sha256,
    mediaType,
    sizeBytes,
    stage,
    attempt,
    by,
    inputs,
    madeAt: madeAt.toISOString(),
    href,
  };
}

function refusalOf({ run, contract }: RunRecord['facts']): RunView['recheckRefusal'] {
  const reason = refuseRecheck({ state: run.state, contract });
  return reason && { reason, text: RECHECK_REFUSALS[reason] };
}

const standingSchema = z.object({
  standing: z.object({
    kind: z.literal('other'),
    why: z.string(),
    page: z.object({ id: z.string(), url: z.string().nullable(), status: z.string() }),
    differences: z.array(z.object({ what: z.string(), planned: z.string(), seen: z.string() })),
  }),
});

/** As the attempt that it stopped found it. */
function conflictOf({ stage }: RunRecord['facts'], attempts: RunRecord['attempts']): RunView['conflict'] {
  if (stage.cause?.code !== 'content_conflict') return null;
  const last = attempts.find(({ stageId, number }) => stageId === stage.stageId && number === stage.attempts);
  const { standing } = standingSchema.safeParse(last?.evidence).data ?? {};
  if (!standing) return null;
  const { page, why, differences } = standing;
  return { pageId: page.id, url: page.url, status: page.status, why, differences };
}

function asksOf({ stage, open }: RunRecord['facts']): RunView['asks'] {
  const { [ASKED_FINGERPRINT]: fingerprint, title, address } = open?.evidence ?? {};
  const asks = stage.state === 'waiting' || stage.state === 'running';
  if (!asks || typeof fingerprint !== 'string') return null;
  return { fingerprint, title: String(title), address: String(address) };
}
