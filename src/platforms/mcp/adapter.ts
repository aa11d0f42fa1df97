// A site that is published to by the tools of a Model Context Protocol server. Wiring only.
import { blogOptionsSchema } from '../blog/options.ts';
import type { PlatformAdapter } from '../contract.ts';
import { PLATFORM } from './causes.ts';
import { check } from './check.ts';
import { connect, destinations, identify, renew, scopesFor } from './connect.ts';
import { create, readCreate } from './create.ts';
import { askability, look } from './look.ts';
import { pages } from './pages.ts';
import { prepare } from './prepare.ts';

export const adapter: PlatformAdapter = {
  platform: PLATFORM,
  label: 'MCP site',
  // Its server is named in the settings; an account has no address of its own.
  publicApiBase: 'mcp:',
  optionsSchema: blogOptionsSchema,
  askability,
  check,
  identify,
  connect,
  destinations,
  scopesFor,
  renew,
  prepare,
  create,
  readCreate,
  look,
  pages,
};
