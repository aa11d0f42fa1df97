// Answers a message to a run: the verdict, the change and the record commit together, once per message.
import { and, eq } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { inOrder } from '../../domain/pipeline/contract.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import {
  RUN_REFUSALS,
  type RunMessage,
  type RunRefusal,
  type RunVerdict,
  refuseRunMessage,
} from '../../domain/pipeline/run-messages.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { runMessages, runs } from '../schema/pipelines.ts';
import { type CallEnd, doubtCalls, openCallsOf, settleCall } from '../tool-calls/tool-calls.ts';
import { type MadeArtifact, succeed } from './close-stage.ts';
import { endAttempt } from './end-attempt.ts';
import { isLive, pageInTheWay, publishUnderWay } from './message-facts.ts';
import { endRun, moveStage, returnTo, runEvent } from './move-stage.ts';
import { openByHand } from './open-stage.ts';
import { isRun, lockRun, type RunFacts, stepOf } from './run-facts.ts';

/** A message as it arrived; `parsed` tells why where it is nonsense. */
export interface IncomingRunMessage {
  readonly key: RunKey;
  readonly messageId: string;
  readonly name: string;
  /** What is kept of the body for the record, already cut and without secrets. */
  readonly body: unknown;
  readonly parsed: RunMessage | { readonly refused: RunRefusal; readonly why: string };
  readonly actor: Actor;
  /** It came through a door of ours and not through the run's workflow, which must be told. */
  readonly fromOutside: boolean;
  /** The handed files, whose bytes are kept already, or why they do not fit; asked once the message may be taken. */
  readonly handed?: (facts: RunFacts) => Promise<readonly MadeArtifact[] | { readonly misfit: string }>;
}

/** The verdict, or null when the workspace has no such run; then nothing was recorded. */
export async function answerRunMessage(ledger: Ledger, incoming: IncomingRunMessage): Promise<RunVerdict | null> {
  const { key, messageId, name, body, actor } = incoming;
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    if (!facts) return null;
    const known = await earlierVerdict(tx, incoming);
    if (known) return known;
    const at = ledger.clock.now();
    const { verdict, events } = await decide(tx, incoming, facts, at);
    await tx.insert(runMessages).values({ ...key, messageId, name, body, verdict, actor, receivedAt: at });
    await appendAudit(tx, events);
    return verdict;
  });
}

async function earlierVerdict(tx: Tx, { key, messageId }: IncomingRunMessage): Promise<RunVerdict | null> {
  const [row] = await tx
    .select({ verdict: runMessages.verdict })
    .from(runMessages)
    .where(
      and(
        eq(runMessages.workspaceId, key.workspaceId),
        eq(runMessages.runId, key.runId),
        eq(runMessages.messageId, messageId),
      ),
    );
  return row?.verdict ?? null;
}

interface Decided {
  readonly verdict: RunVerdict;
  readonly events: readonly AuditEvent[];
}

async function decide(tx: Tx, incoming: IncomingRunMessage, facts: RunFacts, at: Date): Promise<Decided> {
  const { parsed } = incoming;
  if ('refused' in parsed) return refused(incoming, facts, at, parsed.refused, parsed.why);
  const { contract, run, stage } = facts;
  const reason = refuseRunMessage(parsed, {
    contract,
    state: run.state,
    stageId: stage.stageId,
    stageState: stage.state,
    attempts: stage.attempts,
    publishUnderWay: await publishUnderWay(tx, incoming.key),
    live: await isLive(tx, incoming.key),
    inTheWay: await pageInTheWay(tx, facts),
  });
  return reason === null ? apply(tx, { ...incoming, parsed }, facts, at) : refused(incoming, facts, at, reason);
}

/** The stage that asks for an approval on the way to the present one; the present one, where none does. */
function askingStage({ contract, stage, spec }: RunFacts): string {
  const order = inOrder(contract);
  const before = order.slice(
    0,
    order.findIndex(({ id }) => id === spec.id),
  );
  return before.findLast((one) => one.runner === 'builtin' && one.uses === 'approve')?.id ?? stage.stageId;
}

async function apply(
  tx: Tx,
  incoming: IncomingRunMessage & { readonly parsed: RunMessage },
  facts: RunFacts,
  at: Date,
): Promise<Decided> {
  const { parsed, actor, fromOutside } = incoming;
  const note = 'note' in parsed.body ? parsed.body.note : undefined;
  const payload = note === undefined ? {} : { note };
  switch (parsed.name) {
    case 'cancel': {
      const { events } = await doubtCalls(tx, stepOf(facts), at);
      await endAttempt(tx, facts, { outcome: 'canceled', cause: null, at });
      await endRun(tx, facts, { state: 'canceled', terminal: null, at, actor, fromOutside });
      return accepted(parsed.name, [...events, runEvent(facts, OTHER_AUDIT.runCanceled, at, actor, payload)]);
    }
    case 'resume': {
      // Its own attempt is taken up again; nothing but the time is changed.
      const move = { event: 'opened', audit: OTHER_AUDIT.stageResumed, at, actor, fromOutside, payload } as const;
      const event = await moveStage(tx, facts, move);
      const running = { ...facts, stage: { ...facts.stage, state: 'running' as const } };
      await moveStage(tx, running, {
        event: 'waits',
        audit: OTHER_AUDIT.stageWaits,
        at,
        says: facts.stage.says,
        wakeAt: at,
        fromOutside,
      });
      return accepted(parsed.name, [event]);
    }
    case 'retry': {
      const { stage } = parsed.body;
      if (stage !== undefined && stage !== facts.stage.stageId) {
        return accepted(parsed.name, [await returnTo(tx, facts, stage, { at, actor, fromOutside, note })]);
      }
      const move = {
        event: 'retried',
        audit: OTHER_AUDIT.stageRetried,
        at,
        actor,
        fromOutside,
        triesInARow: 0,
        payload,
      } as const;
      // Only who was asked has said that it was not done: any other retry looks, or asks, first.
      const asked = facts.stage.cause?.code === 'outcome_unknown';
      const end = { state: 'failed', by: 'person', actor, cause: null } as const;
      const settled = asked ? await settleByHand(tx, facts, end, at) : [];
      return accepted(parsed.name, [...settled, await moveStage(tx, facts, move)]);
    }
    case 'rename': {
      const { slug } = parsed.body;
      await tx.update(runs).set({ slug, adoptedPageId: null }).where(isRun(incoming.key));
      return accepted(parsed.name, [
        await returnTo(tx, facts, askingStage(facts), { at, actor, fromOutside, note: note ?? `slug ${slug}` }),
      ]);
    }
    case 'adopt': {
      const { pageId } = parsed.body;
      await tx.update(runs).set({ adoptedPageId: pageId }).where(isRun(incoming.key));
      const move = {
        event: 'retried',
        audit: OTHER_AUDIT.stageRetried,
        at,
        actor,
        fromOutside,
        triesInARow: 0,
      } as const;
      return accepted(parsed.name, [await moveStage(tx, facts, { ...move, payload: { ...payload, adopted: pageId } })]);
    }
    case 'submit':
      return takeFiles(tx, incoming, facts, at);
  }
}

async function takeFiles(tx: Tx, incoming: IncomingRunMessage, facts: RunFacts, at: Date): Promise<Decided> {
  const { actor, fromOutside, handed } = incoming;
  const files = await handed?.(facts);
  if (files === undefined || 'misfit' in files) return refused(incoming, facts, at, 'misfit', files?.misfit);
  const standing = facts.stage.state === 'pending' ? await openByHand(tx, facts, at) : facts;
  const events = await succeed(tx, standing, { artifacts: files, outcome: 'succeeded', at, by: actor, fromOutside });
  const settled = await settleByHand(tx, facts, { state: 'succeeded', by: 'person', actor, result: files }, at);
  const names = files.map(({ name }) => name);
  const told = runEvent(facts, OTHER_AUDIT.stageSubmitted, at, actor, { stage: facts.stage.stageId, names });
  return accepted('submit', [told, ...settled, ...events]);
}

/** What a person says of a call whose outcome nobody could tell: trying again says that it did nothing, handing in that it did. */
async function settleByHand(tx: Tx, facts: RunFacts, end: CallEnd, at: Date): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for (const call of await openCallsOf(tx, stepOf(facts))) events.push(...(await settleCall(tx, call, end, at)));
  return events;
}

function accepted(message: string, events: readonly AuditEvent[]): Decided {
  return { verdict: { accepted: true, message, reason: null, text: 'Accepted.' }, events };
}

function refused(
  { name, actor }: IncomingRunMessage,
  facts: RunFacts,
  at: Date,
  reason: RunRefusal,
  more?: string,
): Decided {
  const text = more === undefined ? RUN_REFUSALS[reason] : `${RUN_REFUSALS[reason]} ${more}`;
  const event = runEvent(facts, OTHER_AUDIT.runMessageRefused, at, actor, { message: name, reason });
  return { verdict: { accepted: false, message: name, reason, text }, events: [event] };
}
