// The faults of the grid on a real PDS, as data, and what the proxy in front of it makes of each. The names say when:
// before the PDS gets the request, or after it has acted on it.
import {
  afterCommit,
  answersLate,
  arrivesLate,
  before,
  type Fault,
  GARBAGE,
  type Gate,
  HANG,
  RESET,
  TRUNCATE,
  xrpcError,
} from '../../pds/faults.ts';

export type PdsFault =
  | { readonly kind: 'reset_before' | 'hang_before' | 'commit_then_reset' | 'commit_then_hang' }
  | { readonly kind: 'commit_then_garbage' | 'commit_then_truncate' }
  /** A page of something in front of the PDS. */
  | { readonly kind: 'html_error' | 'commit_then_html'; readonly status: number }
  | { readonly kind: 'redirect'; readonly status: 301 | 302 | 307 | 308 }
  /** An error in the PDS's own words. */
  | {
      readonly kind: 'refuse_before' | 'lying_refusal';
      readonly status: number;
      readonly error: string;
      readonly message?: string;
    }
  /** The answer comes so much later; or the request does, whatever became of its sender. */
  | { readonly kind: 'commit_then_slow' | 'commit_later'; readonly ms: number }
  | {
      readonly kind: 'rate_limited';
      readonly form: 'reset' | 'retry_after' | 'retry_after_date' | 'none';
      readonly resetInMs?: number;
    };

/** The proxy's side of a fault. */
export function toProxyFault(fault: PdsFault): Fault {
  switch (fault.kind) {
    case 'reset_before':
      return before(RESET);
    case 'hang_before':
      return before(HANG);
    case 'commit_then_reset':
      return afterCommit(RESET);
    case 'commit_then_hang':
      return afterCommit(HANG);
    case 'commit_then_garbage':
      return afterCommit(GARBAGE);
    case 'commit_then_truncate':
      return afterCommit(TRUNCATE);
    case 'html_error':
      return before(page(fault.status));
    case 'commit_then_html':
      return afterCommit(page(fault.status));
    case 'redirect':
      return before(page(fault.status, { location: '/elsewhere' }));
    case 'refuse_before':
      return before(xrpcError(fault.status, fault.error, fault.message ?? fault.error));
    case 'lying_refusal':
      return afterCommit(xrpcError(fault.status, fault.error, fault.message ?? fault.error));
    case 'commit_then_slow':
      return answersLate(after(fault.ms));
    case 'commit_later':
      return arrivesLate(after(fault.ms));
    case 'rate_limited':
      return before(xrpcError(429, 'RateLimitExceeded', 'Rate Limit Exceeded', resetHeaders(fault)));
  }
}

function page(status: number, headers: Readonly<Record<string, string>> = {}) {
  const body = `<html><body><h1>${status}</h1></body></html>`;
  return { kind: 'answer', status, headers: { 'content-type': 'text/html', ...headers }, body } as const;
}

function after(ms: number): Gate {
  return () => new Promise((resolve) => setTimeout(resolve, ms));
}

function resetHeaders({ form, resetInMs = 0 }: Extract<PdsFault, { kind: 'rate_limited' }>): Record<string, string> {
  const resetAt = new Date(Date.now() + resetInMs);
  const headers = {
    reset: { 'ratelimit-remaining': '0', 'ratelimit-reset': String(Math.ceil(resetAt.getTime() / 1_000)) },
    retry_after: { 'retry-after': String(resetInMs / 1_000) },
    retry_after_date: { 'retry-after': resetAt.toUTCString() },
    none: {},
  };
  return headers[form];
}
