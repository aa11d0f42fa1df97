// A fault proxy in front of a site: the calls of a publish by short names, and what WordPress, its host or a firewall says.
import { type FaultProxy, type Passing, startFaultProxy } from '../pds/fault-proxy.ts';
import type { Ending, OwnEnding } from '../pds/faults.ts';

/** The calls of a publish. */
export type SiteCall =
  | 'index'
  | 'categories'
  | 'tags'
  | 'find_media'
  | 'upload'
  | 'find_marked'
  | 'find_slug'
  | 'make_draft'
  | 'read_post'
  | 'rewrite'
  | 'who_stands'
  | 'pages'
  | 'publish'
  | 'bin'
  | 'me'
  | 'other';

const BY_ROUTE: readonly (readonly [pattern: RegExp, call: SiteCall])[] = [
  [/^GET \/(\?|$)/, 'index'],
  [/^GET \/wp\/v2\/users\/me/, 'me'],
  [/^GET \/wp\/v2\/categories/, 'categories'],
  [/^POST \/wp\/v2\/tags/, 'tags'],
  [/^GET \/wp\/v2\/media/, 'find_media'],
  [/^POST \/wp\/v2\/media/, 'upload'],
  [/^GET \/wp\/v2\/pages/, 'pages'],
  [/^GET \/wp\/v2\/posts\/\d+/, 'read_post'],
  [/^GET \/wp\/v2\/posts.*[?&]search=/, 'find_marked'],
  [/^GET \/wp\/v2\/posts.*[?&]status=any/, 'who_stands'],
  [/^GET \/wp\/v2\/posts/, 'find_slug'],
  [/^POST \/wp\/v2\/posts\/\d+.*"status":"publish"/, 'publish'],
  [/^POST \/wp\/v2\/posts\/\d+/, 'rewrite'],
  [/^POST \/wp\/v2\/posts/, 'make_draft'],
  [/^DELETE \/wp\/v2\/posts/, 'bin'],
];

/** The name of a request, wherever the site has its API. */
function siteCallOf({ method, url, body }: Passing): SiteCall {
  const route = url.startsWith('/wp-json') ? url.slice('/wp-json'.length) : decodeURIComponent(restRoute(url));
  const text = method === 'POST' && body.length < 10_000 ? body.toString('utf8') : '';
  const told = `${method} ${route} ${text}`;
  return BY_ROUTE.find(([pattern]) => pattern.test(told))?.[1] ?? 'other';
}

const restRoute = (url: string) => /[?&]rest_route=(.*)/.exec(url)?.[1]?.replace('&', '?') ?? `front${url}`;

/** A proxy in front of the site; its faults are set by the names above. */
export function startSiteProxy(target: string): Promise<FaultProxy> {
  return startFaultProxy({ target, callOf: siteCallOf });
}

/** An error as WordPress words it. */
export function restError(status: number, code: string, message = code): OwnEnding {
  const body = JSON.stringify({ code, message, data: { status } });
  return { kind: 'answer', status, headers: { 'content-type': 'application/json; charset=UTF-8' }, body };
}

/** A page of whoever stands in front: a firewall, the host, WordPress's own "briefly unavailable". */
export function page(status: number, headers: Readonly<Record<string, string>> = {}): OwnEnding {
  const body = `<!doctype html><html><body><h1>${status}</h1></body></html>`;
  return { kind: 'answer', status, headers: { 'content-type': 'text/html; charset=UTF-8', ...headers }, body };
}

/** What a plugin with `display_errors` on writes before every answer. */
export const WITH_NOTICE: Ending = {
  kind: 'prefixed',
  prefix:
    '<br />\n<b>Notice</b>:  Undefined index: seo in <b>/srv/wp-content/plugins/chatty/chatty.php</b> on line <b>12</b><br />\n',
};

/** PHP ended in the middle; what was asked for may have been done. */
export const FATAL = restError(500, 'internal_server_error', 'There has been a critical error on this website.');
