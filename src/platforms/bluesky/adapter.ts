// Bluesky, through the account's PDS. Wiring only.
import type { PlatformAdapter } from '../contract.ts';
import { uploadMedia } from './blobs.ts';
import { check } from './check.ts';
import { connect, scopesFor } from './connect.ts';
import { create, readCreate } from './create.ts';
import { PLATFORM } from './errors.ts';
import { look } from './look.ts';
import { resolveMentions } from './mentions.ts';
import { nearby } from './nearby.ts';
import { optionsSchema } from './options.ts';
import { CREATE_QUOTAS } from './rate-limit.ts';
import { destinations, identify, renew } from './session.ts';
import { mediaLimits, textCounts } from './told-limits.ts';

export const adapter: PlatformAdapter = {
  platform: PLATFORM,
  label: 'Bluesky',
  publicApiBase: 'https://bsky.social',
  optionsSchema,
  createQuotas: CREATE_QUOTAS,
  // The record key is ours, so a repeated create is harmless and a look is conclusive.
  askability: () => 'idempotent',
  check,
  textCounts,
  mediaLimits,
  identify,
  connect,
  destinations,
  scopesFor,
  renew,
  async prepare(session) {
    await resolveMentions(session);
    await uploadMedia(session);
  },
  create,
  readCreate,
  // A repository is public.
  looksWithoutGrant: true,
  look,
  nearby,
};
