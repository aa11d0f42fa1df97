// An operator's word to a run from one of our doors: the ledger answers it at once, worker or no worker, and the workflow is told.

import type { Caller } from '../../domain/people/caller.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { RunMessageName, RunVerdict } from '../../domain/pipeline/run-messages.ts';
import type { RunDecisionRequest } from '../../domain/pipeline/run-view.ts';
import { redact } from '../../domain/text/redact.ts';
import { decideRun, type RunDecided } from '../../ledger/runs/decisions.ts';
import { newId } from '../../runtime/ids.ts';
import type { PipelineContext } from '../context.ts';
import { answerRun } from './answer-run.ts';
import { tellRunOf } from './tell-runs.ts';

type Context = Pick<PipelineContext, 'ledger' | 'store' | 'settings' | 'log' | 'client'>;

export interface RunMessageToSend {
  readonly caller: Caller;
  readonly runId: string;
  readonly name: RunMessageName;
  /** As the message's schema wants it; whoever asks is the caller. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The same for every try of one call, so that it is answered once. */
  readonly messageId?: string;
}

const NAME_CHARS = 200;

/** The verdict, or null when the caller's workspace has no such run. */
export async function steerRun(context: Context, message: RunMessageToSend): Promise<RunVerdict | null> {
  const { caller, runId, name, messageId = newId() } = message;
  const { workspaceId, actor } = caller;
  const key = { workspaceId, runId };
  const body = { ...message.body, requestedBy: actor.label.slice(0, NAME_CHARS) };
  const verdict = await answerRun(context, { key, messageId, name, body, actor, fromOutside: true });
  if (verdict?.accepted) await tellRunOf(context, context.client, key);
  return verdict;
}

/** Decides on exactly the content that was looked at. */
export async function decideOnRun(
  context: Context,
  { caller, runId, request }: { readonly caller: Caller; readonly runId: string; readonly request: RunDecisionRequest },
): Promise<RunDecided> {
  const key: RunKey = { workspaceId: caller.workspaceId, runId };
  const { verdict, expectedFingerprint: fingerprint, note } = request;
  const told = note === undefined ? null : redact(note, null);
  const decided = await decideRun(context.ledger, { key, verdict, fingerprint, note: told, actor: caller.actor });
  if (decided.kind === 'decided' && !decided.atWork) await tellRunOf(context, context.client, key);
  return decided;
}
