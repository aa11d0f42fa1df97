// The way of every call through a stand-in: read, meet the faults, act, be recorded, and only then be answered.
import type { Context, Handler } from 'hono';
import type { Token } from './accounts.ts';
import { type Answer, html, json, text } from './answer.ts';
import type { Refusals, Rooms } from './contract.ts';
import type { MetCall } from './faults/book.ts';
import type { Fault } from './faults/kinds.ts';
import { garbage, pause, reset, send, sendNothing, truncate } from './faults/wire.ts';
import { readRequest, type SandboxEnv, type SandboxRequest } from './request.ts';

/** What scheduled faults ask of the thing this call makes. */
export type Effects = { hiddenMs?: number | 'forever'; processing?: { failed: string | undefined } | 'never' };

/** A call as a stand-in's handler sees it; `token` is whatever the caller showed, valid or not. */
export type Call = { name: string; request: SandboxRequest; token: Token | undefined; effects: Effects; nowMs: number };

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
    if (before) {
      const refusal = refusalOf(before, side.refusals, request, rooms.clock.now());
      note(rooms, met, { committed: false, status: refusal?.status ?? null, fault: before.kind });
      if (refusal) return send(refusal);
      return before.kind === 'reset_before' ? reset(c) : sendNothing();
    }
    const late = rooms.faults.take(met, 'late', rooms.clock.now());
    if (late?.kind === 'commit_later') {
      rooms.journal.flush();
      await pause(late.ms, rooms.closing);
      if (rooms.closing.aborted) return sendNothing();
    }
    const nowMs = rooms.clock.now();
    const effects = effectsOf(rooms.faults.takeAll(met, 'effect', nowMs));
    const answer = await served.answer({ name, request, token, effects, nowMs });
    const committed = answer.status < 300;
    const after = committed ? rooms.faults.take(met, 'after', nowMs) : undefined;
    if (!after) {
      note(rooms, met, { committed, status: answer.status, fault: late?.kind ?? null });
      return send(answer);
    }
    return spoil(c, rooms, side, { met, after, answer });
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

/** The answer of a fault that keeps the call from taking effect; undefined when it gives none at all. */
function refusalOf(fault: Fault, refusals: Refusals, request: SandboxRequest, nowMs: number): Answer | undefined {
  switch (fault.kind) {
    case 'refuse_before':
      if ('preset' in fault) return refusals.presets[fault.preset];
      if (typeof fault.body === 'string') return { status: fault.status, headers: fault.headers, body: fault.body };
      if (fault.body === undefined) return { status: fault.status, headers: fault.headers, body: '' };
      return json(fault.status, fault.body, fault.headers);
    case 'redirect':
      return { status: fault.status, headers: { location: fault.location ?? request.url.href }, body: '' };
    case 'unauthorized':
      return refusals.unauthorized;
    case 'duplicate_refusal':
      return refusals.duplicate;
    case 'rate_limited': {
      const form = fault.form ?? Object.keys(refusals.rateLimited)[0] ?? '';
      return refusals.rateLimited[form]?.({ resetAtMs: nowMs + fault.resetInMs, nowMs });
    }
    case 'html_error':
      return html(fault.status, 'Something went wrong');
    default:
      return undefined;
  }
}

/** Answers a call that took effect the way the fault wants it. */
async function spoil(
  c: Context<SandboxEnv>,
  rooms: Rooms,
  side: ServingPlatform,
  { met, after, answer }: { met: MetCall; after: Fault; answer: Answer },
): Promise<Response> {
  const said = (status: number | null) => note(rooms, met, { committed: true, status, fault: after.kind });
  switch (after.kind) {
    case 'commit_then_reset':
      said(null);
      return reset(c);
    case 'commit_then_status':
      said(after.status);
      return send(errorIn(after.form, after.status));
    case 'commit_then_garbage':
      said(answer.status);
      return garbage(answer);
    case 'commit_then_truncate':
      said(answer.status);
      return truncate(c, answer);
    case 'commit_then_slow':
      said(answer.status);
      await pause(after.ms, rooms.closing);
      return send(answer);
    case 'lying_refusal': {
      const lie = (after.preset === undefined ? undefined : side.refusals.presets[after.preset]) ?? side.refusals.lying;
      said(lie.status);
      return send(lie);
    }
    default:
      said(null);
      return sendNothing();
  }
}

function errorIn(form: 'text' | 'html' | 'json' | 'empty', status: number): Answer {
  if (form === 'html') return html(status, 'Service unavailable');
  if (form === 'json') return json(status, { title: 'Error', status });
  return text(status, form === 'empty' ? '' : 'upstream connect error or disconnect/reset before headers');
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
