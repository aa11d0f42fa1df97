// `/tonight`: everything that is due within a day, with what will stop it, while there is time to repair it.

import { html } from 'hono/html';
import { ACTION_LABELS } from '../../domain/causes/next-action.ts';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import type { Item } from '../../domain/schedules/item.ts';
import type { Finding } from '../../domain/tonight/finding.ts';
import { lookAgain } from '../../publishing/tonight/look-again.ts';
import { type Night, type NightEntry, theNight } from '../../publishing/tonight/night.ts';
import { readNightCursor, writeNightCursor } from '../../recovery/cursor.ts';
import { assembleItem } from '../../recovery/item.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, platformLabel, postForm, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';

const SHOWN = 100;

/** Registers the page, and the button that looks again. */
export function tonightPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/tonight', allowed('items.read'), async (c) => c.html(await tonightPage(c, deps)));
  pages.post('/tonight', allowed('tonight.look'), async (c) => {
    await readForm(c);
    leaveNotice(c, deps, await look(deps, c.get('caller').workspaceId));
    return c.redirect('/tonight', 303);
  });
}

async function look(deps: PagesDeps, workspaceId: string): Promise<Notice> {
  const reply = await lookAgain(deps, workspaceId);
  switch (reply.kind) {
    case 'looked':
      return { kind: 'done', text: `Looked at ${counted(reply.count)}, media included.` };
    case 'looking':
      return { kind: 'done', text: 'All of it is being looked at, media included; open this page again in a minute.' };
    case 'too_soon':
      return {
        kind: 'refused',
        text: `It was looked at several times within a minute, so nothing was looked at; try again in ${Math.ceil(reply.waitMs / 1000)} seconds.`,
      };
    case 'not_started':
      return {
        kind: 'refused',
        text: 'Temporal cannot be reached, so nothing was looked at; the next look comes by itself.',
      };
  }
}

async function tonightPage(c: PageContext, deps: PagesDeps): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const after = readNightCursor(c.req.query('after') ?? '');
  const night = await theNight(deps, { workspaceId, after, limit: SHOWN });
  const again = may(c.get('caller'), 'tonight.look')
    ? postForm(c, '/tonight', html`<button>Look again now</button>`)
    : NOTHING;
  const links = [
    after === null ? NOTHING : html`<a href="/tonight">First page</a>`,
    night.next === null
      ? NOTHING
      : html`<a href="${withQuery('/tonight', { after: writeNightCursor(night.next) })}" rel="next">Next ${SHOWN}</a>`,
  ];
  const body = html`<div class="heading"><h1>Tonight</h1>${again}</div>
<p>${sentence(night)}</p>${sections(c, night, after === null)}<p class="pager">${links}</p>`;
  return page(c, { title: 'Tonight', room: '/tonight', body });
}

/** A later page has only the sections of which it shows some. */
function sections(c: PageContext, { due, stopped, unseen, entries }: Night, first: boolean): Html {
  const rows = (those: (entry: NightEntry) => boolean) => entries.filter(those).map((entry) => row(c, entry));
  const parts = [
    {
      title: 'Will not go out as it stands',
      count: stopped,
      rows: rows(({ findings }) => findings.length > 0),
      empty: 'Nothing is known to be in the way.',
    },
    {
      title: 'Nobody has looked yet',
      count: unseen,
      rows: rows(({ findings, checkedAt }) => findings.length === 0 && checkedAt === null),
      empty: '',
    },
    {
      title: 'Nothing in the way',
      count: due - stopped - unseen,
      rows: rows(({ findings, checkedAt }) => findings.length === 0 && checkedAt !== null),
      empty: 'Nothing else is due within a day.',
    },
  ];
  return html`${parts
    .filter((part) => part.rows.length > 0 || (first && part.count === 0 && part.empty !== ''))
    .map(section)}`;
}

function sentence({ due, stopped }: Night): string {
  if (due === 0) return 'Nothing is due in the next 24 hours.';
  const all = `${capital(counted(due))} ${due === 1 ? 'is' : 'are'} due`;
  if (stopped === 0) return `${all} in the next 24 hours, and nothing is known to be in the way.`;
  return `${all} in the next 24 hours; ${stopped === 1 ? 'one' : stopped} will not go out as it stands.`;
}

const counted = (posts: number) => (posts === 1 ? 'one post' : `${posts} posts`);
const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

interface Section {
  readonly title: string;
  /** Of all of them, shown or not. */
  readonly count: number;
  readonly rows: readonly Html[];
  readonly empty: string;
}

function section({ title, count, rows, empty }: Section): Html {
  const list = rows.length === 0 ? html`<p class="empty">${empty}</p>` : html`<ul class="rows">${rows}</ul>`;
  return html`<section class="group"><h2>${title} <span class="count">${count}</span></h2>${list}</section>`;
}

function row(c: PageContext, { facts, checkedAt, findings }: NightEntry): Html {
  const item = assembleItem(facts);
  const looked = checkedAt === null ? 'nobody has looked at this version yet' : html`looked at ${time(c, checkedAt)}`;
  return html`<li class="row"><div class="post"><a class="excerpt" href="/schedules/${encodeURIComponent(item.id)}">${item.text === '' ? html`<em>no text</em>` : item.text}</a>
<span class="fact">${item.account.name} · ${platformLabel(c, item.platform)}</span></div>
<div class="broke">${findings.length === 0 ? html`<span class="fact">${looked}</span>` : findings.map(found)}</div>
<div class="due">due ${time(c, item.publishAt)}</div>
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
