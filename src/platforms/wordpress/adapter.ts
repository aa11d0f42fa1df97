// WordPress, through the REST API of the account's own site. Wiring only.
import { blogOptionsSchema } from '../blog/options.ts';
import type { PlatformAdapter } from '../contract.ts';
import { check } from './check.ts';
import { connect } from './connect.ts';
import { create, readCreate } from './create.ts';
import { PLATFORM } from './errors.ts';
import { look } from './look.ts';
import { destinations, identify, open, scopesFor } from './owner.ts';
import { link, nearby, pages } from './pages.ts';
import { prepare } from './prepare.ts';

export const adapter: PlatformAdapter = {
  platform: PLATFORM,
  label: 'WordPress',
  // Every account names its own site.
  publicApiBase: 'https://site.invalid',
  optionsSchema: blogOptionsSchema,
  // The draft's id is ours before the create, and its status tells.
  askability: () => 'authoritative',
  check,
  identify,
  connect,
  destinations,
  scopesFor,
  // An application password has no end.
  renew: open,
  prepare,
  create,
  readCreate,
  look,
  pages,
  nearby,
  link,
};
