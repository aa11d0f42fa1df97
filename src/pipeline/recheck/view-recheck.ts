// Re-checks and what they found, as every door shows them.
import { owner } from '../../domain/people/owner.ts';
import { viewCause } from '../../domain/pipeline/cause-view.ts';
import { wrongWords } from '../../domain/pipeline/page/live-checks.ts';
import { FINDING_CAUSE, FINDING_STEPS, isFinding } from '../../domain/pipeline/recheck.ts';
import type { Finding, Recheck } from '../../domain/pipeline/recheck-view.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import type { StandingFinding } from '../../ledger/runs/findings.ts';
import type { RecheckRow } from '../../ledger/runs/rechecks.ts';
import type { RunRow } from '../../ledger/runs/run-facts.ts';

export function viewRecheck(row: RecheckRow): Recheck {
  const { id, askedBy, askedAt, endedAt, verdict, says, address, looks, checks } = row;
  const { acceptedBy: by, acceptedAt, acceptedNote: note } = row;
  return {
    id,
    askedBy,
    askedAt: askedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    verdict,
    says,
    address,
    looks,
    accepted: by && acceptedAt && { by, at: acceptedAt.toISOString(), note },
    checks,
  };
}

/** Null: nothing stands found wrong. */
export function viewFinding(run: RunRow, standing: StandingFinding | null): Finding | null {
  if (standing === null) return null;
  const { id, verdict, says, address, endedAt, checks } = standing.recheck;
  if (verdict === null || !isFinding(verdict) || endedAt === null) return null;
  return {
    recheckId: id,
    verdict,
    foundAt: endedAt.toISOString(),
    address,
    cause: viewCause(stageCause(FINDING_CAUSE, says ?? '', wrongWords(checks).raw)),
    nextStep: FINDING_STEPS[verdict],
    owner: owner({
      handoffItem: false,
      handoffOwner: null,
      recoveryOwner: run.owner,
      lastActor: run.lastActor,
      lastActorExists: standing.lastActorExists,
      creator: run.creator,
    }),
  };
}
