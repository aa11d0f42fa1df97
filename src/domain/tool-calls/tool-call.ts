// Tool calls: effects outside publishing, each on record before it is asked for (operations O3). The row decides whether a call may
// leave, as an intent does for a publish; no attempt number stands in its key, so no new attempt is a new call.
import canonicalize from 'canonicalize';
import type { Effect } from '../pipeline/contract.ts';
import { redact } from '../text/redact.ts';

/**
 * Where a call stands.
 * - `attempted`: it may be under way
 * - `succeeded`: it took effect, and what it made is known
 * - `failed`: it did not take effect
 * - `unknown`: it may have taken effect; stored, and settled by a lookup, by the other side's own idempotency, or by a person
 */
export const TOOL_CALL_STATES = ['attempted', 'succeeded', 'failed', 'unknown'] as const;
export type ToolCallState = (typeof TOOL_CALL_STATES)[number];

/** By what the end of a call is known. */
export const TOOL_CALL_EVIDENCE = ['answer', 'lookup', 'person'] as const;
export type ToolCallEvidence = (typeof TOOL_CALL_EVIDENCE)[number];

/** What a call is: what it belongs to, what it does, and what is asked for. */
export interface ToolCallSubject {
  readonly workspaceId: string;
  /** The run. */
  readonly task: string;
  /** The stage. */
  readonly step: string;
  /** Who is asked, without any secret: `http host/path`, `mcp server/tool`, `command program`. */
  readonly action: string;
  /** Plain JSON. Large parts stand in it by their digests. */
  readonly request: unknown;
}

/** What is asked for, in its canonical form (RFC 8785); its SHA-256 tells two requests of one key apart. */
export function requestText(request: unknown): string {
  return canonicalize(request) ?? '';
}

/** The text whose SHA-256 is the key: each part after its length, so that no two lists of parts are one text. */
export function toolCallText({ workspaceId, task, step, action, request }: ToolCallSubject): string {
  const parts = [workspaceId, task, step, action, redact(requestText(request), null, Number.POSITIVE_INFINITY)];
  return parts.map((part) => `${part.length}:${part}`).join('');
}

/**
 * What follows for whoever wants to make a call that is on record already.
 * - `call`: it may be made (again)
 * - `earlier`: the earlier result is returned
 * - `look`: the other side is asked what is true
 * - `person`: nobody can be asked, so a person says it
 */
export type ToolCallStep = 'call' | 'earlier' | 'look' | 'person';

export function stepAfter(state: ToolCallState, effect: Effect, canLook: boolean): ToolCallStep {
  switch (state) {
    case 'succeeded':
      return 'earlier';
    case 'failed':
      return 'call';
    case 'attempted':
    case 'unknown':
      if (effect !== 'once') return 'call';
      return canLook ? 'look' : 'person';
  }
}

/** A look that found nothing. */
export interface Miss {
  readonly at: Date;
  /** After this the call could not leave any more. */
  readonly leaveBy: Date;
  /** How long it may work on once it has left. */
  readonly longestMs: number;
  /** How long what it did may stay hidden. */
  readonly horizonMs: number;
  /** Between the two looks that must both miss. */
  readonly spacingMs: number;
  /** The look before this one that counted and missed. */
  readonly missedAt: Date | null;
}

/** What a look that found nothing says (law 4): only the second that counts calls it absent. */
export function readMiss(miss: Miss): { readonly absent: true } | LookAgain {
  const { at, leaveBy, longestMs, horizonMs, spacingMs, missedAt } = miss;
  const counts = new Date(leaveBy.getTime() + longestMs + horizonMs);
  if (at < counts) return { absent: false, at: counts, missedAt: null };
  const second = new Date((missedAt ?? at).getTime() + spacingMs);
  return missedAt && at >= second ? { absent: true } : { absent: false, at: second, missedAt: missedAt ?? at };
}

export interface LookAgain {
  readonly absent: false;
  readonly at: Date;
  /** To be remembered for then. */
  readonly missedAt: Date | null;
}
