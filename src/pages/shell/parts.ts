// The small pieces that pages are made of. Everything that is put into a template is escaped by it.
import { html } from 'hono/html';
import type { PageContext } from '../deps.ts';
import { CSRF_FIELD, csrfToken } from '../session/csrf.ts';

export type Html = ReturnType<typeof html>;

/** Nothing at all, where a piece may be missing. */
export const NOTHING: Html = html``;

/** An instant in the viewer's zone, with the exact one beside it for programs and, unless it is `plain`, for whoever points at it. */
export function time(c: PageContext, at: Date | string, how: 'whole' | 'plain' = 'whole'): Html {
  const date = new Date(at);
  const zone = c.get('zone');
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    ...(date.getUTCFullYear() === c.get('arrivedAt').getUTCFullYear() ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  }).format(date);
  const exact = how === 'plain' ? `${date.toISOString().slice(0, 19)}Z` : date.toISOString();
  const title = how === 'plain' ? NOTHING : html` title="${exact}"`;
  return html`<time datetime="${exact}"${title}>${shown}${zone === 'UTC' ? ' UTC' : ''}</time>`;
}

/** What people call a platform. */
export function platformLabel(c: PageContext, platform: string): string {
  return c.get('platformLabels').get(platform) ?? platform;
}

/** A form that posts, with the session's token. `fields` stand in it as they are given. */
export function postForm(c: PageContext, action: string, content: Html, attributes: Html = NOTHING): Html {
  return html`<form method="post" action="${action}" ${attributes}><input type="hidden" name="${CSRF_FIELD}" value="${csrfToken(c.get('sessionId'))}">${content}</form>`;
}

const ROW_FORM = 'rows';

/** The one form of all the buttons in a page's rows: a token in each of them would make up a third of the page. */
export function rowForm(c: PageContext): Html {
  return postForm(c, '', NOTHING, html`id="${ROW_FORM}" hidden`);
}

/** A button in a row: it posts to an address of its own, with one value. */
export function rowButton(
  action: string,
  label: string,
  { name, value, style }: { readonly name: string; readonly value: string | number; readonly style: 'main' | 'quiet' },
): Html {
  return html`<button class="${style}" form="${ROW_FORM}" formaction="${action}" name="${name}" value="${value}">${label}</button>`;
}

/** A button that cannot be pressed says why: the reason stands beside it and is read with it. */
export function disabledButton(label: string, why: string, id: string): Html {
  return html`<span class="why"><button type="button" aria-disabled="true" aria-describedby="${id}">${label}</button><span id="${id}" class="reason">${why}</span></span>`;
}
