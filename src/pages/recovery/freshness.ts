// When a page's rows were read, and, said by the page itself, since when they are not read any more.
import { html } from 'hono/html';
import type { PageContext } from '../deps.ts';
import { type Html, time } from '../shell/parts.ts';

/** `page.js` shows the second line when a refresh fails, and while the page is out of sight. */
export function freshness(c: PageContext): Html {
  return html`<p class="fact fresh" id="fresh">As of ${time(c, c.get('arrivedAt'))}<span id="paused" role="status" hx-morph-skip></span></p>`;
}
