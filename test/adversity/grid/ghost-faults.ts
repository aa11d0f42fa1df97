// The faults of the grid on a real Ghost: those of a PDS that any server may have, and errors in Ghost's own words.
import { ghostError } from '../../ghost/ghost-proxy.ts';
import { afterCommit, before, type Fault } from '../../pds/faults.ts';
import { type PdsFault, toProxyFault } from './pds-faults.ts';

type Common = Exclude<PdsFault, { readonly kind: 'refuse_before' | 'lying_refusal' | 'rate_limited' }>;

export type GhostFault =
  | Common
  | {
      readonly kind: 'refuse_before' | 'lying_refusal';
      readonly status: number;
      readonly type: string;
      readonly code?: string;
      readonly message?: string;
    }
  | { readonly kind: 'rate_limited'; readonly form: 'retry_after' | 'none'; readonly resetInMs?: number };

/** The proxy's side of a fault. */
export function toGhostProxyFault(fault: GhostFault): Fault {
  switch (fault.kind) {
    case 'refuse_before':
      return before(ghostError(fault.status, fault.type, fault));
    case 'lying_refusal':
      return afterCommit(ghostError(fault.status, fault.type, fault));
    case 'rate_limited': {
      const { form, resetInMs = 0 } = fault;
      const headers: Record<string, string> = form === 'none' ? {} : { 'retry-after': String(resetInMs / 1_000) };
      return before(ghostError(429, 'TooManyRequestsError', {}, headers));
    }
    default:
      return toProxyFault(fault);
  }
}
