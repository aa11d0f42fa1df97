// Instagram: containers first, then one publish call. Its containers can be asked, so an unknown outcome is settled by
// reading, never by publishing again.
import type { PlatformAdapter } from '../contract.ts';
import { check, textCounts } from './check.ts';
import { connect, scopesFor } from './connect.ts';
import { create, readCreate } from './create.ts';
import { INSTAGRAM } from './errors.ts';
import { destinations, identify } from './identify.ts';
import { INSTAGRAM_LIMITS } from './limits.ts';
import { link } from './link.ts';
import { nearby } from './nearby.ts';
import { instagramOptionsSchema } from './options.ts';
import { prepare } from './prepare.ts';
import { look } from './reconcile.ts';
import { renew } from './token.ts';
import { mediaLimits } from './told-limits.ts';

/** An expired token cannot be renewed, and a renewed one lives 60 days: renewed at half its life. */
const RENEW_AHEAD_MS = 30 * 24 * 3_600_000;

export const adapter: PlatformAdapter = {
  platform: INSTAGRAM.platform,
  label: 'Instagram',
  publicApiBase: 'https://graph.instagram.com/v25.0',
  optionsSchema: instagramOptionsSchema,
  renewAheadMs: RENEW_AHEAD_MS,
  createQuotas: INSTAGRAM_LIMITS.createQuotas,
  askability: () => 'authoritative',
  check,
  textCounts,
  mediaLimits,
  identify,
  connect,
  destinations,
  scopesFor,
  renew,
  prepare,
  create,
  readCreate,
  look,
  nearby,
  link,
};
