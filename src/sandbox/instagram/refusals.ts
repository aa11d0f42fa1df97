// Instagram's words for the faults every platform can have. Its lie is documented in the field: 4/2207051, and live.
import type { Refusals } from '../contract.ts';
import { graphError } from './errors.ts';
import { mediaRefusals, presets } from './presets.ts';
import { rateLimited } from './throttle.ts';
import { revokedToken } from './token-errors.ts';

/** Refusals of the Instagram stand-in. */
export const refusals: Refusals = {
  presets,
  unauthorized: revokedToken('467', 401),
  duplicate: graphError({ code: 506, message: '(#506) Duplicate status message' }),
  lying: mediaRefusals.spam_block,
  rateLimited,
};
