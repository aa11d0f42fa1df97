// Saves how the work on a stage ended: its artifacts, its state and what follows, with their audit rows, in one transaction.
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Provenance } from '../../domain/pipeline/provenance.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { STAGE_CAUSES, type StageCause } from '../../domain/pipeline/stage-causes.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { type CallEnd, settleCall } from '../tool-calls/tool-calls.ts';
import { digestsOf, insertArtifacts, type NewArtifact, standingInputs } from './artifacts.ts';
import { endAttempt } from './end-attempt.ts';
import { endRun, enterStage, moveStage, runEvent } from './move-stage.ts';
import type { StageAttempt } from './open-stage.ts';
import { lockRun, type RunFacts, runKeyOf } from './run-facts.ts';
import { hasAttempt } from './stage-calls.ts';

/** A file whose bytes are kept already. */
export type MadeArtifact = Omit<NewArtifact, 'provenance'>;

export type StageClosing =
  | {
      readonly kind: 'made';
      readonly artifacts: readonly MadeArtifact[];
      /** The world was so already: nothing was done to bring it about. */
      readonly alreadyTrue: boolean;
    }
  | { readonly kind: 'waiting'; readonly says: string; readonly until: Date | null }
  | {
      readonly kind: 'failed';
      readonly cause: StageCause;
      /** What is written down of the failure. */
      readonly artifacts?: readonly MadeArtifact[] | undefined;
    }
  | { readonly kind: 'blocked'; readonly cause: StageCause }
  | {
      readonly kind: 'unknown';
      readonly cause: StageCause;
      /** When a new attempt looks what is true; null: a person must say. */
      readonly lookAt?: Date | null | undefined;
    };

/** The end of the call that an attempt made. */
export interface ClosingCall {
  readonly key: string;
  readonly end: CallEnd;
}

/** False: another has taken the stage up, or the run is over; nothing was saved. */
export async function closeStage(
  ledger: Ledger,
  key: RunKey,
  attempt: StageAttempt,
  closing: StageClosing,
  call: ClosingCall | null = null,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    const at = ledger.clock.now();
    const ours = hasAttempt(facts, attempt);
    // That a call took effect is true whoever has the stage now.
    const tells = ours || call?.end.state === 'succeeded';
    const settled =
      call && tells ? await settleCall(tx, { workspaceId: key.workspaceId, key: call.key }, call.end, at) : [];
    await appendAudit(tx, [...settled, ...(ours ? await close(tx, facts, closing, at) : [])]);
    return ours;
  });
}

async function close(tx: Tx, facts: RunFacts, closing: StageClosing, at: Date): Promise<AuditEvent[]> {
  switch (closing.kind) {
    case 'waiting':
      return waits(tx, facts, closing, at);
    case 'made':
      return succeed(tx, facts, { ...closing, outcome: closing.alreadyTrue ? 'already_true' : 'succeeded', at });
    case 'failed':
      return fail(tx, facts, closing, at);
    case 'blocked':
    case 'unknown': {
      const { kind, cause } = closing;
      if (closing.kind === 'unknown' && closing.lookAt)
        return [await looksAgain(tx, facts, { cause, at, wakeAt: closing.lookAt })];
      await endAttempt(tx, facts, { outcome: kind, cause, at });
      const move = { event: kind, audit: OTHER_AUDIT.stageBlocked, at, cause, payload: { cause: cause.code } } as const;
      return [await moveStage(tx, facts, move)];
    }
  }
}

/** The attempt is over, and another looks what it did. */
async function looksAgain(
  tx: Tx,
  facts: RunFacts,
  { cause, at, wakeAt }: { readonly cause: StageCause; readonly at: Date; readonly wakeAt: Date },
): Promise<AuditEvent> {
  await endAttempt(tx, facts, { outcome: 'unknown', cause, at });
  return moveStage(tx, facts, {
    event: 'interrupted',
    audit: OTHER_AUDIT.stageWaits,
    at,
    says: 'It may have taken effect; that is looked for by itself.',
    wakeAt,
    payload: { cause: cause.code, at: wakeAt.toISOString() },
  });
}

/** A wait that is the same as before is no news: only the first is told in the audit trail. */
async function waits(
  tx: Tx,
  facts: RunFacts,
  { says, until }: { readonly says: string; readonly until: Date | null },
  at: Date,
): Promise<AuditEvent[]> {
  // What was changed from outside while it was worked on is looked at now: nobody may have said it to the workflow.
  const wakeAt = facts.run.runToTell ? at : until;
  const event = await moveStage(tx, facts, {
    event: 'waits',
    audit: OTHER_AUDIT.stageWaits,
    at,
    says,
    wakeAt,
    payload: { says },
  });
  return facts.stage.says === says ? [] : [event];
}

export interface Success {
  readonly artifacts: readonly MadeArtifact[];
  readonly outcome: 'succeeded' | 'already_true';
  readonly at: Date;
  /** Who handed the artifacts in. */
  readonly by?: Actor | undefined;
  readonly fromOutside?: boolean | undefined;
}

/** The stage is done; the run goes on to the next, or ends. Its row must be locked. */
export async function succeed(tx: Tx, facts: RunFacts, success: Success): Promise<AuditEvent[]> {
  const { stage, spec } = facts;
  const { artifacts, outcome, at, by, fromOutside } = success;
  await endAttempt(tx, facts, { outcome, cause: null, at });
  await keepMade(tx, facts, artifacts, { at, by: by ?? null });
  const digests = Object.fromEntries(artifacts.map(({ name, sha256 }) => [name, sha256]));
  const event = await moveStage(tx, facts, {
    event: 'succeeded',
    audit: OTHER_AUDIT.stageSucceeded,
    at,
    actor: by,
    triesInARow: 0,
    fromOutside,
    payload: { attempt: stage.attempts, outcome, artifacts: digests },
  });
  if (spec.next !== null) {
    await enterStage(tx, facts, spec.next);
    return [event];
  }
  await endRun(tx, facts, { state: 'ended', terminal: spec.terminal, at, fromOutside });
  return [event, runEvent(facts, OTHER_AUDIT.runEnded, at, by, { terminal: spec.terminal })];
}

async function keepMade(
  tx: Tx,
  { run, stage, spec, open }: RunFacts,
  artifacts: readonly MadeArtifact[],
  { at, by }: { readonly at: Date; readonly by: Actor | null },
): Promise<void> {
  const provenance: Provenance = {
    stage: stage.stageId,
    attempt: stage.attempts,
    runner: spec.runner,
    by,
    // What was handed in while nobody was at it was made from what stands now.
    inputs: open?.inputs ?? digestsOf(await standingInputs(tx, runKeyOf(run), spec.inputs)),
  };
  const made = artifacts.map((one) => ({ ...one, provenance }));
  await insertArtifacts(tx, { workspaceId: run.workspaceId, runId: run.id }, made, at);
}

/** It is tried again by itself while the contract says so and it may come out otherwise. */
async function fail(
  tx: Tx,
  facts: RunFacts,
  { cause, artifacts = [] }: Extract<StageClosing, { kind: 'failed' }>,
  at: Date,
): Promise<AuditEvent[]> {
  const { stage, spec } = facts;
  const { attempts, firstMs, maxMs } = spec.retry;
  await endAttempt(tx, facts, { outcome: 'failed', cause, at });
  await keepMade(tx, facts, artifacts, { at, by: null });
  const again = STAGE_CAUSES[cause.code].passing && stage.triesInARow < attempts;
  const waitMs = Math.min(maxMs, firstMs * 2 ** Math.min(stage.triesInARow - 1, 30));
  const payload = { attempt: stage.attempts, cause: cause.code };
  const failed = await moveStage(tx, facts, { event: 'failed', audit: OTHER_AUDIT.stageFailed, at, cause, payload });
  if (!again) return [failed];
  const pending = { ...facts, stage: { ...stage, state: 'failed' as const } };
  const wakeAt = new Date(at.getTime() + waitMs);
  const retried = await moveStage(tx, pending, {
    event: 'retried',
    audit: OTHER_AUDIT.stageRetried,
    at,
    cause,
    says: `It failed and is tried again by itself.`,
    wakeAt,
    payload: { at: wakeAt.toISOString() },
  });
  return [failed, retried];
}
