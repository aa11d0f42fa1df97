// Sites of their own: each publishes by MCP tools and shows visitors what it published. An account of the sandbox is one site.
import { Hono } from 'hono';
import type { StandIn } from '../contract.ts';
import type { SandboxEnv } from '../request.ts';
import { openSettings } from '../settings.ts';
import { account } from './account-form.ts';
import { registerMcp } from './mcp.ts';
import { openSitePages, PLATFORM } from './pages-store.ts';
import { refusals } from './refusals.ts';
import { siteSettingsSchema } from './settings.ts';
import { registerPages } from './show.ts';
import type { SiteState } from './state.ts';
import { TOOLS } from './tools.ts';

/** Sites. Their tools are found under `/site/<name>/mcp`, a post under `/site/<name>/<zone>/<slug>/`. */
export const standIn: StandIn = {
  platform: PLATFORM,
  account,
  refusals,
  calls: [...TOOLS, 'unknown_tool', 'list_tools', 'protocol', 'front_page', 'feed', 'page'],
  open: (rooms) => {
    const app = new Hono<SandboxEnv>();
    const settings = openSettings(rooms.journal, PLATFORM, siteSettingsSchema);
    const state: SiteState = { app, rooms, settings, pages: openSitePages(rooms.journal, rooms.posts) };
    registerMcp(state);
    registerPages(state);
    return { app, settings };
  },
};
