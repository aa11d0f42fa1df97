// `/tonight`: everything that is due within a day, with what will stop it, while there is time to repair it.

import { html } from 'hono/html';
import { ACTION_LABELS } from '../../domain/causes/next-action.ts';
import { actorName } from '../../domain/people/actor.ts';
import type { Item } from '../../domain/schedules/item.ts';
import type { Finding } from '../../domain/tonight/finding.ts';
import { countTonight, type TonightCheck } from '../../ledger/tonight/tonight.ts';
import { lookAtTheNight, theNight } from '../../publishing/tonight/night.ts';
import { assembleItem } from '../../recovery/item.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';

const SHOWN = 200;

/** Registers the page, and the button that looks again. */
export function tonightPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/tonight', allowed('items.read'), async (c) => c.html(await tonightPage(c, deps)));
  pages.post('/tonight', allowed('items.read'), async (c) => {
    await readForm(c);
    const { workspaceId } = c.get('caller');
    const looked = await lookAtTheNight(deps, workspaceId, SHOWN);
    leaveNotice(c, deps, {
      kind: 'done',
      text: `Looked at ${looked === 1 ? 'one post' : `${looked} posts`}, media included.`,
    });
    return c.redirect('/tonight', 303);
  });
}

async function tonightPage(c: PageContext, deps: PagesDeps): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const [due, checks] = await Promise.all([
    countTonight(deps.ledger, workspaceId),
    theNight(deps.ledger, workspaceId, SHOWN),
  ]);
  const stopped = checks.filter(({ findings }) => findings.length > 0);
  const unseen = checks.filter(({ findings, checkedAt }) => findings.length === 0 && checkedAt === null);
  const clear = checks.filter(({ findings, checkedAt }) => findings.length === 0 && checkedAt !== null);
  const more =
    due > checks.length ? html`<p class="fact">The first ${checks.length} of ${due} are shown.</p>` : NOTHING;
  const body = html`<div class="heading"><h1>Tonight</h1>${postForm(c, '/tonight', html`<button>Look again now</button>`)}</div>
<p>${sentence(due, stopped.length)}</p>${more}
${section(
  'Will not go out as it stands',
  stopped.map((check) => row(c, check)),
  'Nothing is known to be in the way.',
)}
${
  unseen.length === 0
    ? NOTHING
    : section(
        'Nobody has looked yet',
        unseen.map((check) => row(c, check)),
        '',
      )
}
${section(
  'Nothing in the way',
  clear.map((check) => row(c, check)),
  'Nothing else is due within a day.',
)}`;
  return page(c, { title: 'Tonight', room: '/tonight', body });
}

function sentence(due: number, stopped: number): string {
  if (due === 0) return 'Nothing is due in the next 24 hours.';
  const all = due === 1 ? 'One post is due' : `${due} posts are due`;
  if (stopped === 0) return `${all} in the next 24 hours, and nothing is known to be in the way.`;
  return `${all} in the next 24 hours; ${stopped === 1 ? 'one' : stopped} will not go out as it stands.`;
}

function section(title: string, rows: readonly Html[], empty: string): Html {
  const list = rows.length === 0 ? html`<p class="empty">${empty}</p>` : html`<ul class="rows">${rows}</ul>`;
  return html`<section class="group"><h2>${title} <span class="count">${rows.length}</span></h2>${list}</section>`;
}

function row(c: PageContext, { facts, checkedAt, findings }: TonightCheck): Html {
  const item = assembleItem(facts);
  const looked = checkedAt === null ? 'nobody has looked at this version yet' : html`looked at ${time(c, checkedAt)}`;
  return html`<li class="row"><div class="post"><a class="excerpt" href="/schedules/${encodeURIComponent(item.id)}">${item.text === '' ? html`<em>no text</em>` : item.text}</a>
<span class="fact">${item.account.name} · ${item.platform}</span></div>
<div class="broke">${findings.length === 0 ? html`<span class="fact">${looked}</span>` : findings.map(found)}</div>
<div class="due">${time(c, item.publishAt)}</div>
<div class="owner">${owner(item)}</div>
<div class="next">${findings.map(wayOn)}</div></li>`;
}

function owner({ owner: { type, label } }: Item): Html | string {
  return label === null ? html`<span class="none">nobody owns it</span>` : actorName({ type, label });
}

function found({ text, cause }: Finding): Html {
  return html`<p class="means">${text}${cause === null ? NOTHING : html` <code>${cause}</code>`}</p>`;
}

function wayOn({ kind, nextAction }: Finding): Html {
  if (nextAction.href === undefined) return NOTHING;
  const label = kind === 'approval_missing' ? 'Get it approved' : ACTION_LABELS[nextAction.code];
  return html`<a class="button" href="${nextAction.href}">${label}</a>`;
}
