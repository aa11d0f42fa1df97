// What each fault turns a call's answer into. The record of the call is written before any of it reaches the socket.
import type { Context } from 'hono';
import { type Answer, html, json, text } from '../answer.ts';
import type { Refusal, Refusals } from '../contract.ts';
import type { SandboxEnv, SandboxRequest } from '../request.ts';
import type { Fault } from './kinds.ts';
import { garbage, pause, reset, send, sendNothing, truncate } from './wire.ts';

/** The answer of a fault that keeps the call from taking effect; undefined when it gives none at all. */
export function refusalOf(
  fault: Fault,
  refusals: Refusals,
  request: SandboxRequest,
  nowMs: number,
): Answer | undefined {
  switch (fault.kind) {
    case 'refuse_before':
      return 'preset' in fault ? said(refusals.presets[fault.preset], request) : written(fault);
    case 'redirect':
      return { status: fault.status, headers: { location: fault.location ?? request.url.href }, body: '' };
    case 'unauthorized':
      return said(refusals.unauthorized, request);
    case 'duplicate_refusal':
      return said(refusals.duplicate, request);
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

function said(refusal: Refusal | undefined, request: SandboxRequest): Answer | undefined {
  return typeof refusal === 'function' ? refusal(request) : refusal;
}

function written(fault: { status: number; headers: Record<string, string>; body?: unknown }): Answer {
  if (fault.body === undefined) return { status: fault.status, headers: fault.headers, body: '' };
  if (typeof fault.body === 'string') return { status: fault.status, headers: fault.headers, body: fault.body };
  return json(fault.status, fault.body, fault.headers);
}

/** How a call that took effect is answered: the status its sender is told (null: none), and the act of telling. */
export type Spoiled = { status: number | null; respond(c: Context<SandboxEnv>): Response | Promise<Response> };

/** A call that took effect, as what spoils its answer sees it. */
export type AnsweredCall = { request: SandboxRequest; answer: Answer; closing: AbortSignal };

/** Spoils the answer of a call that took effect. */
export function spoil(fault: Fault, refusals: Refusals, { request, answer, closing }: AnsweredCall): Spoiled {
  switch (fault.kind) {
    case 'commit_then_reset':
      return { status: null, respond: reset };
    case 'commit_then_status': {
      const error = errorIn(fault.form, fault.status);
      return { status: error.status, respond: () => send(error) };
    }
    case 'commit_then_garbage':
      return { status: answer.status, respond: () => garbage(answer) };
    case 'commit_then_truncate':
      return { status: answer.status, respond: (c) => truncate(c, answer) };
    case 'commit_then_slow':
      return { status: answer.status, respond: () => pause(fault.ms, closing).then(() => send(answer)) };
    case 'lying_refusal': {
      const preset = fault.preset === undefined ? undefined : refusals.presets[fault.preset];
      const lie = said(preset ?? refusals.lying, request) ?? answer;
      return { status: lie.status, respond: () => send(lie) };
    }
    default:
      return { status: null, respond: sendNothing };
  }
}

function errorIn(form: 'text' | 'html' | 'json' | 'empty', status: number): Answer {
  if (form === 'html') return html(status, 'Service unavailable');
  if (form === 'json') return json(status, { title: 'Error', status });
  return text(status, form === 'empty' ? '' : 'upstream connect error or disconnect/reset before headers');
}
