// What Instagram's refusals are good for beyond their cause: which are worth another try, which name a lost container.
import { type Cause, cause } from '../../domain/causes/causes.ts';
import type { Refusal } from '../meta/refusal.ts';

/** Subcodes of failures that a new container often gets past: fetching, processing, the service itself. */
const PASSING_SUBCODES = new Set(['2207001', '2207003', '2207020', '2207032', '2207052', '2207053', '2207082']);

/** Subcodes that mean: there is no such container (any more, or yet). */
const GONE_SUBCODES = new Set(['2207006', '2207008']);

/** The service stumbled (codes 1 and 2): nothing is known but that it did not happen now. */
export function isServiceTrouble(refusal: Pick<Refusal, 'code' | 'subcode'>): boolean {
  return (refusal.code === '1' || refusal.code === '2') && !isInstagramSubcode(refusal.subcode);
}

/** Worth another container before giving up. */
export function isPassing(refusal: Pick<Refusal, 'code' | 'subcode'>): boolean {
  return isServiceTrouble(refusal) || PASSING_SUBCODES.has(refusal.subcode ?? '');
}

/** The container that was named is gone, or not to be seen yet. */
export function isGone(refusal: Pick<Refusal, 'code' | 'subcode'>): boolean {
  return GONE_SUBCODES.has(refusal.subcode ?? '') || (refusal.code === '100' && refusal.subcode === '33');
}

/** Publishing came too early: the container was not finished for the server that was asked. */
export function isTooEarly(refusal: Pick<Refusal, 'code' | 'subcode'>): boolean {
  return refusal.code === '9007' || refusal.subcode === '2207027';
}

/** An equal post is there already, it says. */
export function saysDuplicate({ code, subcode }: Pick<Refusal, 'code' | 'subcode'>): boolean {
  return code === '506' || subcode === '506';
}

function isInstagramSubcode(subcode: string | undefined): boolean {
  return /^2207\d{3}$/.test(subcode ?? '');
}

/** The cause once the last try has met it: 24/2207006 is a lost container at first, and lost access in the end. */
export function repeatedCause(refusal: Refusal): Cause {
  return refusal.subcode === '2207006' ? cause({ ...refusal.cause, code: 'permissions_missing' }) : refusal.cause;
}
