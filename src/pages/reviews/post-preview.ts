// A post exactly as it will go out: text, media, destination, time.
import { html } from 'hono/html';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, platformLabel, time } from '../shell/parts.ts';

interface Shown {
  readonly schedule: ScheduleRow;
  readonly accountName: string;
  /** The address of the picture of the n-th media item, from 1, for whoever looks. */
  readonly picture: (number: number) => string;
  /** And of the file itself. */
  readonly file: (number: number) => string;
}

/** The preview of the version that stands. */
export function postPreview(c: PageContext, { schedule, accountName, picture, file }: Shown): Html {
  const { content, delivery, platform, publishAt, publishBefore } = schedule;
  const media = content.media.map((item, index) => mediaItem(item, picture(index + 1), file(index + 1)));
  const options = Object.entries(delivery.options);
  return html`<article class="preview">
<p class="fact">To ${accountName} on ${platformLabel(c, platform)}, ${time(c, publishAt)}${publishBefore ? html`, not after ${time(c, publishBefore)}` : NOTHING}</p>
<div class="post-text">${content.text === '' ? html`<em>no text</em>` : content.text}</div>
${media.length === 0 ? NOTHING : html`<ul class="media">${media}</ul>`}
${options.length === 0 ? NOTHING : html`<dl class="facts">${options.map(([name, value]) => html`<dt>${name}</dt><dd>${typeof value === 'string' ? value : JSON.stringify(value)}</dd>`)}</dl>`}
</article>`;
}

function mediaItem(item: ScheduleRow['content']['media'][number], src: string, file: string): Html {
  const alt = item.altText ?? '';
  const size = item.widthPx && item.heightPx ? html`${item.widthPx} × ${item.heightPx} px, ` : NOTHING;
  const shown = item.mediaType.startsWith('image/')
    ? html`<img src="${src}" alt="${alt}" loading="lazy" width="${item.widthPx ?? 320}" height="${item.heightPx ?? 240}">`
    : html`<p><a class="button" href="${file}" download>Download the video</a></p>`;
  const described = alt === '' ? 'no alternative text' : `Alternative text: ${alt}`;
  return html`<li>${shown}<p class="fact">${item.mediaType}, ${size}${Math.ceil(item.sizeBytes / 1024)} KB · ${described}</p></li>`;
}
