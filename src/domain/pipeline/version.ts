// The version of a contract: SHA-256 over its canonical form (RFC 8785), so that equal contracts are one, however they were written.
import canonicalize from 'canonicalize';
import type { PipelineContract } from './contract.ts';

/** The canonical text whose SHA-256, in lower-case hex, is the version. */
export function contractText(contract: PipelineContract): string {
  // Only `undefined` has no canonical form, and an object is given.
  return canonicalize(contract) ?? '';
}
