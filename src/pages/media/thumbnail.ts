// The small picture of one media item, for rows and pages: fetched by us, so that no page asks anything of another host.
import { html } from 'hono/html';
import type { Html } from '../shell/parts.ts';

/** The picture of a schedule's n-th media item, from 1. It says nothing that does not stand beside it, so it has no text. */
export function thumbnail({ id }: { readonly id: string }, number: number): Html {
  const address = `/schedules/${encodeURIComponent(id)}/media/${number}/picture`;
  return html`<img class="thumb" src="${address}" alt="" loading="lazy">`;
}
