// The faults of the grid on a real WordPress, as data, and what the proxy in front of it makes of each. The names say when:
// before the site gets the request, or after it has acted on it.
import { afterCommit, before, type Fault, HANG, RESET, TRUNCATE } from '../../pds/faults.ts';
import { FATAL, page, restError, WITH_NOTICE } from '../../wordpress/site-proxy.ts';

export type SiteFault =
  | { readonly kind: 'reset_before' | 'hang_before' | 'fatal_before' }
  | { readonly kind: 'commit_then_reset' | 'commit_then_hang' | 'commit_then_truncate' }
  /** PHP ends in the middle, with everything done. */
  | { readonly kind: 'commit_then_fatal' }
  /** A plugin's notice stands before the JSON. */
  | { readonly kind: 'commit_then_notice' }
  /** A page of a firewall, the host, or WordPress under maintenance. */
  | { readonly kind: 'html_error' | 'commit_then_html'; readonly status: number }
  /** A refusal in WordPress's own form. */
  | { readonly kind: 'refuse_before'; readonly status: number; readonly code: string; readonly message?: string }
  /** A host throttles, with a page. */
  | { readonly kind: 'rate_limited'; readonly seconds: number };

/** The proxy's side of a fault. */
export function toSiteFault(fault: SiteFault): Fault {
  switch (fault.kind) {
    case 'reset_before':
      return before(RESET);
    case 'hang_before':
      return before(HANG);
    case 'fatal_before':
      return before(FATAL);
    case 'commit_then_reset':
      return afterCommit(RESET);
    case 'commit_then_hang':
      return afterCommit(HANG);
    case 'commit_then_truncate':
      return afterCommit(TRUNCATE);
    case 'commit_then_fatal':
      return afterCommit(FATAL);
    case 'commit_then_notice':
      return afterCommit(WITH_NOTICE);
    case 'html_error':
      return before(page(fault.status));
    case 'commit_then_html':
      return afterCommit(page(fault.status));
    case 'refuse_before':
      return before(restError(fault.status, fault.code, fault.message));
    case 'rate_limited':
      return before(page(429, { 'retry-after': String(fault.seconds) }));
  }
}
