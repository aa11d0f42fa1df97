// `/handoff/{id}`: the pack with which a person publishes a post by hand, and the record that it is done.

import { html } from 'hono/html';
import { ADDRESS_VERDICTS, type Completion, completerName } from '../../domain/handoff/completion.ts';
import type { Asset, HandoffPack } from '../../domain/handoff/pack.ts';
import { actorName } from '../../domain/people/actor.ts';
import { sizeWords } from '../../domain/schedules/media-limits.ts';
import { openPack } from '../../handoff/pack.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { thumbnail } from '../media/thumbnail.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { completionForm } from './completion-form.ts';

/** Registers the page. */
export function handoffPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/handoff/:id', allowed('schedules.read'), async (c) => {
    const opened = await openPack(deps, c.get('caller').workspaceId, scheduleIdOf(c));
    if (!opened) throw nothingHere();
    const { pack } = opened;
    const body = html`<h1>${pack.completion ? 'Published by hand' : 'Publish by hand'}</h1>
<p class="lead">For <strong>${pack.account.name}</strong> on ${pack.platformLabel}, due ${time(c, pack.publishAt)} · <a href="/schedules/${encodeURIComponent(pack.scheduleId)}">its story</a></p>
${why(pack)}
<div class="columns"><div>${textPart(pack)}${assetsPart(pack)}</div><div>${endPart(c, pack)}</div></div>`;
    return c.html(page(c, { title: `Handoff of ${pack.scheduleId}`, room: '/schedules', body }));
  });
}

function why({ handoff, stateMeans, completion }: HandoffPack): Html {
  if (handoff === null) return html`<p class="fact">Nobody was asked to publish it by hand: it is ${stateMeans}.</p>`;
  const { reason, reasonMeans, note, owner } = handoff;
  const who = owner === null ? 'Nobody has taken it yet.' : html`<strong>${actorName(owner)}</strong> publishes it.`;
  const whose = completion === null ? html`<p class="fact">${who}</p>` : NOTHING;
  const said = note === null ? NOTHING : html` <q>${note}</q>`;
  return html`<p class="means">${reasonMeans} <code>${reason}</code>${said}</p>${whose}`;
}

function textPart({ text, textCounts }: HandoffPack): Html {
  if (text === '') return html`<section class="part"><h2>Text</h2><p class="empty">The post has no text.</p></section>`;
  const rows = Math.min(16, 3 + text.split('\n').length + Math.floor(text.length / 70));
  const counts = textCounts.map(
    ({ what, used, limit }) => html`<li class="${used > limit ? 'over' : 'within'}">${used} of ${limit} ${what}</li>`,
  );
  return html`<section class="part"><h2 id="text-label">Text</h2>
<textarea class="copied" id="post-text" readonly rows="${rows}" aria-labelledby="text-label">${text}</textarea>
<div class="under"><ul class="counts">${counts}</ul><button type="button" class="copy" data-copies="post-text" hidden>Copy the text</button></div></section>`;
}

function assetsPart(pack: HandoffPack): Html {
  const { assets, scheduleId } = pack;
  if (assets.length === 0)
    return html`<section class="part"><h2>Media</h2><p class="empty">The post has no media.</p></section>`;
  const all =
    assets.length > 1
      ? html`<a class="button" href="/handoff/${encodeURIComponent(scheduleId)}/assets.zip" download>Download all as ZIP</a>`
      : NOTHING;
  return html`<section class="part"><div class="heading"><h2>Media <span class="count">${assets.length}</span></h2>${all}</div>
<ol class="assets">${assets.map((asset) => assetRow(pack, asset))}</ol></section>`;
}

function assetRow({ scheduleId }: HandoffPack, { number, fileName, mediaType, sizeBytes, altText }: Asset): Html {
  const id = `alt-${number}`;
  const alt =
    altText === null
      ? html`<p class="fact">It has no alternative text.</p>`
      : html`<label for="${id}">Alternative text</label><textarea class="copied" id="${id}" readonly rows="2">${altText}</textarea>
<button type="button" class="copy quiet" data-copies="${id}" hidden>Copy it</button>`;
  return html`<li class="asset">${thumbnail({ id: scheduleId }, number)}
<div><a href="/handoff/${encodeURIComponent(scheduleId)}/assets/${number}" download="${fileName}">${fileName}</a>
<p class="fact">${mediaType}, ${sizeWords(sizeBytes)}</p>${alt}</div></li>`;
}

function endPart(c: PageContext, pack: HandoffPack): Html {
  if (pack.completion) return completed(c, pack.completion);
  if (pack.handoff !== null) return completionForm(c, pack);
  return html`<section class="part card"><h2>Give it to a person</h2><p><a class="button" href="/schedules/${encodeURIComponent(pack.scheduleId)}/handoff">Hand it to a person</a></p></section>`;
}

function completed(c: PageContext, { by, completedBy, completedAt, publishedAt, url, note, check }: Completion): Html {
  const where = url === undefined ? 'Nobody wrote down where.' : html`<a href="${url}" rel="noreferrer">${url}</a>`;
  const asked =
    check === undefined
      ? 'Nobody has asked this address yet.'
      : html`${ADDRESS_VERDICTS[check.verdict]} ${time(c, check.at)}${check.status === undefined ? NOTHING : html` <code>${check.status}</code>`}`;
  return html`<section class="part card"><h2>Done</h2><dl class="facts">
<div><dt>Who</dt><dd>${completerName({ by, completedBy })}</dd></div>
<div><dt>Live since</dt><dd>${time(c, publishedAt ?? completedAt)}</dd></div>
<div><dt>Recorded</dt><dd>${time(c, completedAt)}</dd></div>
<div><dt>Where</dt><dd>${where}</dd></div>
${url === undefined ? NOTHING : html`<div><dt>Checked</dt><dd>${asked}</dd></div>`}
${note === undefined ? NOTHING : html`<div><dt>Note</dt><dd>${note}</dd></div>`}</dl></section>`;
}
