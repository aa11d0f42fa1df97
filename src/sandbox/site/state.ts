// What the rooms of a site share: which site an address means, whether its caller may, and its pages.
import type { Hono } from 'hono';
import type { Account, Token } from '../accounts.ts';
import type { Answer } from '../answer.ts';
import type { Rooms } from '../contract.ts';
import { bearerOf, type SandboxEnv, type SandboxRequest } from '../request.ts';
import { type Call, type ServingPlatform, serveCall } from '../serve.ts';
import type { Settings } from '../settings.ts';
import { PLATFORM, type SitePage, type SitePages } from './pages-store.ts';
import { refusals, unauthorized } from './refusals.ts';
import type { SiteSettings } from './settings.ts';

/** The sites at work. */
export type SiteState = {
  app: Hono<SandboxEnv>;
  rooms: Rooms;
  settings: Settings<SiteSettings>;
  pages: SitePages;
};

/** A call to one site. */
export type SiteCall = Call & {
  site: Account;
  settings: SiteSettings;
  /** The address of the site, without a slash at its end. */
  base: string;
};

/** One route of every site. */
export type SiteRoute = {
  name: string | ((request: SandboxRequest) => string);
  /** True: for whoever may publish there. */
  guarded: boolean;
  answer(call: SiteCall): Answer | Promise<Answer>;
};

/** Registers a route below each site's own address. */
export function route(state: SiteState, methods: readonly string[], path: string, served: SiteRoute): void {
  const siteOf = (request: SandboxRequest) =>
    state.rooms.accounts.all().find(({ platform, name }) => platform === PLATFORM && name === request.param('site'));
  const side: ServingPlatform = {
    platform: PLATFORM,
    refusals,
    identify: (request) => identify(state, siteOf(request)),
  };
  const answer = (call: Call): Answer | Promise<Answer> => {
    const site = siteOf(call.request);
    if (!site) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is no such site.' };
    const settings = state.settings.of(site.id);
    if (served.guarded && settings.token && !mayPublish(state, site, call)) return unauthorized;
    return served.answer({ ...call, site, settings, base: `${call.request.url.origin}/${PLATFORM}/${site.name}` });
  };
  state.app.on([...methods], `/:site${path}`, serveCall(state.rooms, side, { name: served.name, answer }));
}

/** Calls of a site are counted under it whoever makes them: visitors have no token. */
function identify({ rooms }: SiteState, site: Account | undefined): Token | undefined {
  return site && rooms.accounts.tokensOf(site.id)[0];
}

function mayPublish({ rooms }: SiteState, site: Account, { request, nowMs }: Call): boolean {
  const token = rooms.accounts.token(bearerOf(request) ?? '');
  return token?.accountId === site.id && token.state === 'valid' && token.expiresAtMs > nowMs;
}

/** Where readers find a page. */
export const addressOf = (base: string, { zone, slug }: Pick<SitePage, 'zone' | 'slug'>): string =>
  `${base}/${zone}/${slug}/`;

/** What visitors see now, the newest first. */
export function shownPages({ pages }: SiteState, site: Account, nowMs: number): SitePage[] {
  return pages
    .of(site.id)
    .filter(({ status, shownFromMs }) => status === 'published' && shownFromMs <= nowMs)
    .toReversed();
}
