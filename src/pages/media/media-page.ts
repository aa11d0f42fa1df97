// `/schedules/{id}/media`: each media item as it is now, beside what its destination takes, and the way to replace it.
import { html } from 'hono/html';
import { CAUSES } from '../../domain/causes/causes.ts';
import { may } from '../../domain/people/caller.ts';
import { codecWords, LIMITED_FACTS, sizeWords } from '../../domain/schedules/media-limits.ts';
import type { FoundMedia, MediaReview, ReviewedItem } from '../../domain/schedules/media-review.ts';
import type { ScheduleState } from '../../domain/schedules/states.ts';
import { reviewMedia } from '../../recovery/media-review.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { disabledButton, type Html, NOTHING, postForm, time } from '../shell/parts.ts';
import { replaceForm } from './replace-form.ts';
import { thumbnail } from './thumbnail.ts';

const REPLAY = 'Replay it with these media';
const STOPPED: readonly ScheduleState[] = ['failed', 'blocked', 'repair_required'];

/** Registers the page. */
export function mediaPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/schedules/:id/media', allowed('schedules.read'), async (c) => {
    const review = await reviewMedia(deps, c.get('caller').workspaceId, scheduleIdOf(c));
    if (!review) throw nothingHere();
    const body = html`<h1>Media</h1>
<p class="lead">For <strong>${review.account.name}</strong> on ${review.platformLabel} · <a href="/schedules/${encodeURIComponent(review.scheduleId)}">its story</a></p>
<p class="fact">It is ${review.stateMeans}.${review.notEditable === null ? NOTHING : html` ${review.notEditable}`}</p>
${together(c, review)}${replayPart(c, review)}
${review.items.length === 0 ? html`<p class="empty">The post has no media.</p>` : html`<ol class="reviewed">${review.items.map((item) => itemPart(c, review, item))}</ol>`}`;
    return c.html(page(c, { title: `Media of ${review.scheduleId}`, room: '/schedules', body }));
  });
}

/** A post that stopped goes out once it is replayed; whether it may, the gate says. */
function replayPart(c: PageContext, { scheduleId, state, notReplayable }: MediaReview): Html {
  if (!STOPPED.includes(state)) return NOTHING;
  const why = may(c.get('caller'), 'publish.replay') ? notReplayable : 'This needs the role operator.';
  if (why !== null) return html`<p>${disabledButton(REPLAY, why, 'why-replay')}</p>`;
  return postForm(c, `/schedules/${encodeURIComponent(scheduleId)}/replay`, html`<button>${REPLAY}</button>`);
}

function together(c: PageContext, { problems, refused, platformLabel }: MediaReview): Html {
  const limits = problems.map((problem) => html`<p class="problem">${problem}</p>`);
  return html`${limits}${refused === null ? NOTHING : said(c, platformLabel, refused)}`;
}

function itemPart(c: PageContext, review: MediaReview, reviewed: ReviewedItem): Html {
  const { number, item, found, unavailable, problems, refused } = reviewed;
  const bad = unavailable !== null || problems.length > 0 || refused !== null;
  return html`<li class="part card item ${bad ? 'failing' : 'fine'}" id="item-${number}"><div class="heading"><h2>${number}. ${item.mediaType.startsWith('video/') ? 'Video' : 'Picture'}</h2><span class="fact">${bad ? 'Something is wrong with it' : 'Nothing is wrong with it'}</span></div>
<div class="asset">${thumbnail({ id: review.scheduleId }, number)}<div>
<p class="address"><code>${item.url}</code></p>
${unavailable === null ? NOTHING : html`<p class="problem">${unavailable}</p>`}
${problems.map((problem) => html`<p class="problem">${problem}</p>`)}
${refused === null ? NOTHING : said(c, review.platformLabel, refused)}
${found === null ? NOTHING : html`<p class="fact">Read from the file just now: ${factsOf(found)}</p>`}
${limitTable(review, reviewed)}</div></div>
${replaceForm(c, review, reviewed)}</li>`;
}

function said(
  c: PageContext,
  platform: string,
  { attempt, at, code, words }: NonNullable<MediaReview['refused']>,
): Html {
  const means = Object.entries(CAUSES).find(([name]) => name === code)?.[1].means ?? '';
  const quoted = words === '' ? NOTHING : html` <q>${words}</q>`;
  return html`<p class="problem">${platform} refused it in attempt ${attempt}, ${time(c, at)}: ${means}${quoted} <code>${code}</code></p>`;
}

function factsOf({ mediaType, sizeBytes, widthPx, heightPx, durationSeconds, animated, codecs }: FoundMedia): string {
  return [
    mediaType,
    sizeBytes === undefined ? null : sizeWords(sizeBytes),
    widthPx === undefined ? null : `${widthPx} by ${heightPx} px`,
    durationSeconds === undefined ? null : `${durationSeconds} s`,
    codecs === undefined ? null : codecs.map(codecWords).join(' and '),
    animated === true ? 'animated' : null,
  ]
    .filter((fact) => fact !== null)
    .join(', ');
}

function limitTable({ platformLabel }: MediaReview, { limits, number }: ReviewedItem): Html {
  if (limits.length === 0) return NOTHING;
  const rows = limits.map(
    ({ fact, allowed, is, fits }) =>
      html`<tr class="${fits ? 'within' : 'over'}"><th scope="row">${LIMITED_FACTS[fact]}</th><td>${is ?? 'not known'}</td><td>${allowed}</td><td>${is === null ? '' : fits ? 'fits' : 'does not fit'}</td></tr>`,
  );
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Limits of ${platformLabel} for item ${number}"><table><thead><tr><th scope="col">Limit</th><th scope="col">It is</th><th scope="col">${platformLabel} takes</th><th scope="col">Fit</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
