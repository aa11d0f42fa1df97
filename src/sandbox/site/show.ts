// What visitors get: every post under its zone and slug, a front page, and a feed.
import { html, raw } from 'hono/html';
import type { Answer } from '../answer.ts';
import type { SitePage } from './pages-store.ts';
import { addressOf, route, type SiteCall, type SiteState, shownPages } from './state.ts';

const FEED_ENTRIES = 20;

/** Registers the pages. */
export function registerPages(state: SiteState): void {
  route(state, ['GET'], '/', { name: 'front_page', guarded: false, answer: (call) => frontPage(state, call) });
  route(state, ['GET'], '/feed.xml', { name: 'feed', guarded: false, answer: (call) => feed(state, call) });
  route(state, ['GET'], '/:zone/:slug/', { name: 'page', guarded: false, answer: (call) => article(state, call) });
}

async function article(state: SiteState, call: SiteCall): Promise<Answer> {
  const { request, site, settings, base, nowMs } = call;
  const page = shownPages(state, site, nowMs).find(
    ({ zone, slug }) => zone === request.param('zone') && slug === request.param('slug'),
  );
  if (!page) return document(call, 404, { title: 'Not here', body: await html`<h1>There is no such page</h1>` });
  const url = addressOf(base, page);
  const posted = new Date(page.createdAtMs).toISOString();
  const head = await html`<link rel="canonical" href="${page.canonicalUrl ?? url}">
<meta property="og:title" content="${page.title}"><meta property="og:url" content="${url}">${
    page.excerpt === null ? '' : html`<meta name="description" content="${page.excerpt}">`
  }
<script type="application/ld+json">${raw(jsonLd(page, url))}</script>`;
  const body =
    await html`<article><h1>${page.title}</h1><p><time datetime="${posted}">${posted.slice(0, 10)}</time> in ${page.zone}</p>
${raw(page.html)}</article>${raw(settings.theme)}`;
  return document(call, 200, { title: page.title, head, body });
}

async function frontPage(state: SiteState, call: SiteCall): Promise<Answer> {
  const posts = shownPages(state, call.site, call.nowMs);
  const list = posts.map(
    (page) => html`<li><a href="${addressOf(call.base, page)}">${page.title}</a> in ${page.zone}</li>`,
  );
  const body =
    await html`<h1>${call.site.name}</h1>${posts.length === 0 ? html`<p>Nothing is published yet.</p>` : html`<ul>${list}</ul>`}`;
  return document(call, 200, { title: 'Posts', body });
}

type Parts = { title: string; head?: unknown; body: unknown };

async function document({ site, base }: SiteCall, status: number, { title, head = '', body }: Parts): Promise<Answer> {
  const text = await html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${title} · ${site.name}</title><link rel="alternate" type="application/atom+xml" href="${base}/feed.xml">${head}</head>
<body><header><a href="${base}/">${site.name}</a> (sandbox)</header><main>${body}</main></body></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: String(text) };
}

/** Nothing in it may end the script. */
function jsonLd({ title, excerpt, createdAtMs, changedAtMs }: SitePage, url: string): string {
  const facts = {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title,
    url,
    datePublished: new Date(createdAtMs).toISOString(),
    dateModified: new Date(changedAtMs).toISOString(),
    ...(excerpt === null ? {} : { description: excerpt }),
  };
  return JSON.stringify(facts).replaceAll('<', '\\u003c');
}

/** Atom (RFC 4287), of the newest posts. */
async function feed(state: SiteState, { site, base, nowMs }: SiteCall): Promise<Answer> {
  const entries = shownPages(state, site, nowMs)
    .slice(0, FEED_ENTRIES)
    .map((page) => {
      const url = addressOf(base, page);
      return html`<entry><id>${url}</id><title>${page.title}</title><link href="${url}"/><updated>${new Date(page.changedAtMs).toISOString()}</updated><content type="html">${page.html}</content></entry>`;
    });
  const text =
    await html`<feed xmlns="http://www.w3.org/2005/Atom"><id>${base}/</id><title>${site.name}</title><link rel="self" href="${base}/feed.xml"/><author><name>${site.name}</name></author><updated>${new Date(nowMs).toISOString()}</updated>${entries}</feed>`;
  const declaration = '<?xml version="1.0" encoding="utf-8"?>\n';
  return {
    status: 200,
    headers: { 'content-type': 'application/atom+xml; charset=utf-8' },
    body: declaration + String(text),
  };
}
