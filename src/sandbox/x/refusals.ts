// X's words for the faults every platform can have.
import type { Refusals } from '../contract.ts';
import { duplicateContent, presets, unauthorized } from './problems.ts';
import { rateLimited } from './throttle.ts';

/** The lie is the duplicate refusal: the very call it answers went live. */
export const refusals: Refusals = {
  presets,
  unauthorized,
  duplicate: duplicateContent,
  lying: duplicateContent,
  rateLimited,
};
