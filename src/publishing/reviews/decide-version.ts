// A decision of somebody of the workspace: committed, and the run told, should it go on by itself now.
import type { Caller } from '../../domain/people/caller.ts';
import type { DecisionRequest } from '../../domain/reviews/decision.ts';
import type { ReviewAnswer } from '../../domain/reviews/review-link.ts';
import { redact } from '../../domain/text/redact.ts';
import { type DecisionReply, decide } from '../../ledger/reviews/decisions.ts';
import { answerReview, type ReviewReply } from '../../ledger/reviews/review-links.ts';
import type { SendDeps } from '../messages/send-message.ts';
import { tellRun } from '../workflows/tell-run.ts';

export interface DecisionCall {
  readonly caller: Caller;
  readonly scheduleId: string;
  readonly request: DecisionRequest;
}

/** Null when the caller's workspace has no such schedule. */
export async function decideVersion(deps: SendDeps, call: DecisionCall): Promise<DecisionReply | null> {
  const { caller, scheduleId, request } = call;
  const schedule = { workspaceId: caller.workspaceId, scheduleId };
  const { verdict, expectedFingerprint, note } = request;
  const reply = await decide(deps.ledger, {
    schedule,
    verdict,
    expectedFingerprint,
    // Free text goes into the audit trail, from which nothing can be taken back.
    note: note === undefined ? null : redact(note, null),
    actor: caller.actor,
    lateAfterMs: deps.settings.approvals.lateAfterMs,
  });
  if (reply?.kind === 'decided' && reply.goesOn) await tellRun(deps, deps.client, schedule);
  return reply;
}

/** A reviewer's answer by a review link; null when the link is none of ours. */
export async function answerReviewLink(deps: SendDeps, secret: string, answer: ReviewAnswer): Promise<ReviewReply | null> {
  const { comment, ...said } = answer;
  const told = { ...said, ...(comment === undefined ? {} : { comment: redact(comment, null) }) };
  const answered = await answerReview(deps.ledger, secret, told, deps.settings.approvals);
  if (answered?.reply.kind === 'decided') await tellRun(deps, deps.client, answered.schedule);
  return answered?.reply ?? null;
}
