// X (API v2): searchable, since the account's timeline can be read and a post of ours recognised on it.
import type { PlatformAdapter } from '../contract.ts';
import { check } from './check.ts';
import { causeOfMissing, connect, scopesFor } from './connect.ts';
import { createCall, readCreate } from './create.ts';
import { PLATFORM } from './errors.ts';
import { destinations, identify } from './identify.ts';
import { CREATE_QUOTAS } from './limits.ts';
import { prepareMedia } from './media.ts';
import { nearby } from './nearby.ts';
import { xOptionsSchema } from './options.ts';
import { look } from './timeline.ts';
import { renew } from './token.ts';
import { mediaLimits, textCounts } from './told-limits.ts';

/** The adapter of X; each concern has a file of its own beside this one. */
export const adapter: PlatformAdapter = {
  platform: PLATFORM,
  label: 'X',
  publicApiBase: 'https://api.x.com',
  optionsSchema: xOptionsSchema,
  createQuotas: CREATE_QUOTAS,
  askability: () => 'searchable',
  check,
  textCounts,
  mediaLimits,
  identify,
  connect,
  destinations,
  scopesFor,
  causeOfMissing,
  renew,
  prepare: prepareMedia,
  create: createCall,
  readCreate,
  look,
  nearby,
};
