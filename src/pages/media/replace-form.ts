// The form that replaces one media item, by another address or by a file, or gives it another text.
import { html, raw } from 'hono/html';
import { may } from '../../domain/people/caller.ts';
import type { MediaReview, ReviewedItem } from '../../domain/schedules/media-review.ts';
import type { PageContext } from '../deps.ts';
import { disabledButton, type Html, postForm } from '../shell/parts.ts';

/** The form, or the button that says why there is none. */
export function replaceForm(c: PageContext, review: MediaReview, { number, item }: ReviewedItem): Html {
  const why = whyNot(c, review);
  if (why !== null) return disabledButton('Replace it', why, `why-${number}`);
  const id = (name: string) => `${name}-${number}`;
  const content = html`<input type="hidden" name="expectedFingerprint" value="${review.fingerprint}">
<div class="field"><label for="${id('alt')}">Alternative text</label><textarea id="${id('alt')}" name="altText" rows="2">${item.altText ?? ''}</textarea></div>
<div class="field"><label for="${id('url')}">Another address</label><input id="${id('url')}" name="url" type="text" inputmode="url" aria-describedby="${id('hint')}"><span id="${id('hint')}" class="reason">Left empty, the file stays and only its text is changed.</span></div>
<div class="field"><label for="${id('file')}">Or a file from this machine</label><input id="${id('file')}" name="file" type="file" accept="image/*,video/mp4,video/quicktime"></div>
<button class="main">Save as a new version</button>`;
  const action = `/schedules/${encodeURIComponent(review.scheduleId)}/media/${number}`;
  const form = postForm(c, action, content, raw('enctype="multipart/form-data"'));
  return html`<details class="replace"><summary>Replace it or change its text</summary>${form}</details>`;
}

function whyNot(c: PageContext, { notEditable }: MediaReview): string | null {
  if (!may(c.get('caller'), 'schedules.edit')) return 'This needs the role operator.';
  return notEditable;
}
