// The way of every call through a stand-in: read, meet the faults, act, be recorded, and only then be answered.
import type { Context, Handler } from 'hono';
import type { Token } from './accounts.ts';
import type { Answer } from './answer.ts';
import type { Refusals, Rooms } from './contract.ts';
import type { MetCall } from './faults/book.ts';
import type { Fault } from './faults/kinds.ts';
import { refusalOf, spoil } from './faults/outcomes.ts';
import { pause, reset, send, sendNothing } from './faults/wire.ts';
import { readRequest, type SandboxEnv, type SandboxRequest } from './request.ts';

/** What scheduled faults ask of the thing this call makes. */
export type Effects = { hiddenMs?: number | 'forever'; processing?: { failed: string | undefined } | 'never' };

/** A call as a stand-in's handler sees it; `token` is whatever the caller showed, valid or not. */
export type Call = {
  name: string;
  request: SandboxRequest;
  token: Token | undefined;
  nowMs: number;
  /** Takes the scheduled effects; to be asked once, when the call is sure to take effect. */
  effects(): Effects;
};

/** How one route of a platform is served. A handler runs without a pause between its checks and its changes. */
export type Served = {
  name: string | ((request: SandboxRequest) => string);
  answer(call: Call): Answer | Promise<Answer>;
};

/** The side of the platform that every route shares. */
export type ServingPlatform = {
  platform: string;
  refusals: Refusals;
  identify(request: SandboxRequest): Token | undefined;
};

/** Makes the Hono handler of one route. */
export function serveCall(rooms: Rooms, side: ServingPlatform, served: Served): Handler<SandboxEnv> {
  return async (c) => {
    const request = await readRequest(c).catch(() => undefined);
    if (!request) return sendNothing();
    const name = typeof served.name === 'string' ? served.name : served.name(request);
    const token = side.identify(request);
    const met: MetCall = { platform: side.platform, account: token?.accountId ?? null, call: name };

    const before = rooms.faults.take(met, 'before', rooms.clock.now());
    if (before) return refuse(c, rooms, side, met, before, request);
    const late = await queue(rooms, met);
    if (rooms.closing.aborted) return sendNothing();

    const nowMs = rooms.clock.now();
    const effects = () => effectsOf(rooms.faults.takeAll(met, 'effect', nowMs));
    const answer = await served.answer({ name, request, token, effects, nowMs });
    const committed = answer.status < 300 && answer.refused === undefined;
    const after = committed ? rooms.faults.take(met, 'after', nowMs) : undefined;
    if (!after) {
      note(rooms, met, { committed, status: answer.status, fault: late?.kind ?? null });
      return send(answer);
    }
    const spoiled = spoil(after, side.refusals, { request, answer, closing: rooms.closing });
    note(rooms, met, { committed, status: spoiled.status, fault: after.kind });
    return spoiled.respond(c);
  };
}

/** The record of the call and the call's own changes reach the operating system in one write. */
function note(
  rooms: Rooms,
  met: MetCall,
  outcome: { committed: boolean; status: number | null; fault: string | null },
): void {
  rooms.calls.record({ ...met, atMs: rooms.clock.now(), ...outcome });
  rooms.journal.flush();
}

function refuse(
  c: Context<SandboxEnv>,
  rooms: Rooms,
  side: ServingPlatform,
  met: MetCall,
  fault: Fault,
  request: SandboxRequest,
): Response {
  const refusal = refusalOf(fault, side.refusals, request, rooms.clock.now());
  note(rooms, met, { committed: false, status: refusal?.status ?? null, fault: fault.kind });
  if (refusal) return send(refusal);
  return fault.kind === 'reset_before' ? reset(c) : sendNothing();
}

/** Keeps a call waiting when a fault says so; it goes on even when its sender is gone. */
async function queue(rooms: Rooms, met: MetCall): Promise<Fault | undefined> {
  const late = rooms.faults.take(met, 'late', rooms.clock.now());
  if (late?.kind !== 'commit_later') return undefined;
  rooms.journal.flush();
  await pause(late.ms, rooms.closing);
  return late;
}

function effectsOf(faults: Fault[]): Effects {
  const effects: Effects = {};
  for (const fault of faults) {
    if (fault.kind === 'hidden_from_list') effects.hiddenMs = fault.ms;
    if (fault.kind === 'processing_never_ends') effects.processing = 'never';
    if (fault.kind === 'processing_failed') effects.processing = { failed: fault.name };
  }
  return effects;
}
