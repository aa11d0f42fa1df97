// Ghost, through the Admin API of each site. Wiring only.
import { blogOptionsSchema } from '../blog/options.ts';
import type { PlatformAdapter } from '../contract.ts';
import { optionsOf } from './article.ts';
import { check } from './check.ts';
import { connect, destinations, identify, renew, scopesFor } from './connect.ts';
import { create, readCreate } from './create.ts';
import { bringDraft } from './draft.ts';
import { PLATFORM } from './errors.ts';
import { uploadImages } from './images.ts';
import { link, look } from './look.ts';
import { nearby } from './nearby.ts';
import { standingAt } from './posts.ts';
import { mediaLimits } from './told-limits.ts';

export const adapter: PlatformAdapter = {
  platform: PLATFORM,
  label: 'Ghost',
  // Every site has an address of its own, which its connection names.
  publicApiBase: 'https://ghost.invalid',
  optionsSchema: blogOptionsSchema,
  // The draft's id is ours before it is published.
  askability: () => 'authoritative',
  check,
  mediaLimits,
  identify,
  connect,
  destinations,
  scopesFor,
  renew,
  async prepare(session) {
    await uploadImages(session, optionsOf(session).slug);
    await bringDraft(session);
  },
  create,
  readCreate,
  look,
  nearby,
  pages: {
    standingAt: (session, slug) => standingAt(session, slug),
    async refuses(session) {
      // A tag that is not there comes into being with the post; only the key can be wrong.
      await destinations(session);
      return [];
    },
  },
  link,
};
