// The frame of every page: where one is, who one is, and what has just happened.
import { html, raw } from 'hono/html';
import { may } from '../../domain/people/caller.ts';
import type { Operation } from '../../domain/people/operations.ts';
import type { Notice, PageContext } from '../deps.ts';
import { asset } from './assets.ts';
import { type Html, NOTHING, postForm, rowForm, time } from './parts.ts';

interface Room {
  readonly href: string;
  readonly label: string;
  readonly needs: Operation;
}

/** What an operator looks at every day, and what is set up once. */
const DAILY: readonly Room[] = [
  { href: '/', label: 'Recovery', needs: 'items.read' },
  { href: '/tonight', label: 'Tonight', needs: 'items.read' },
  { href: '/schedules', label: 'Schedules', needs: 'schedules.read' },
  { href: '/runs', label: 'Runs', needs: 'runs.read' },
  { href: '/holds', label: 'Holds', needs: 'items.read' },
  { href: '/report', label: 'Report', needs: 'report.read' },
  { href: '/alarms', label: 'Alarms', needs: 'alarms.read' },
  { href: '/activity', label: 'Activity', needs: 'activity.read' },
];
const SETUP: readonly Room[] = [
  { href: '/connections', label: 'Connections', needs: 'accounts.read' },
  { href: '/notifications', label: 'Notifications', needs: 'notifications.read' },
  { href: '/proof', label: 'Proof', needs: 'proof.export' },
  { href: '/people', label: 'People', needs: 'people.read' },
  { href: '/keys', label: 'Keys', needs: 'keys.read' },
];

export interface PageShape {
  readonly title: string;
  /** The address in the navigation that this page belongs to. */
  readonly room?: string;
  readonly body: Html;
}

/** A page for somebody who is signed in. */
export function page(c: PageContext, { title, room, body }: PageShape): Html {
  const caller = c.get('caller');
  const bar = html`<header class="bar">
<a class="brand" href="/">Oncepost</a>
<nav aria-label="Rooms">${roomList(c, DAILY, room)}${roomList(c, SETUP, room)}</nav>
<div class="who"><a href="/you" title="${caller.role} in ${caller.workspaceName}">${caller.actor.label}</a>${switcher(c)}
${postForm(c, '/sign-out', html`<button class="quiet">Sign out</button>`)}</div>
</header>`;
  return frame(title, html`${bar}<main id="main">${onHold(c)}${noticeOf(c.get('notice'))}${body}</main>${rowForm(c)}`);
}

function onHold(c: PageContext): Html {
  const holds = c.get('onHold');
  if (holds.length === 0) return html`<div id="on-hold"></div>`;
  const release = may(c.get('caller'), 'hold.change') ? html` <a href="/holds">Release it</a>` : NOTHING;
  return html`<div id="on-hold" class="banner warn" role="status"><ul>${holds.map(
    ({ what, reason, by, since, keptBack }) =>
      html`<li><strong>${what}:</strong> ${reason}. ${by}, since ${time(c, since)}. ${keptWords(keptBack)}${release}</li>`,
  )}</ul></div>`;
}

function keptWords(posts: number): string {
  if (posts === 0) return 'It keeps nothing back so far.';
  return `It keeps back ${posts === 1 ? 'one publish' : `${posts} publishes`} by now.`;
}

function roomList(c: PageContext, rooms: readonly Room[], here: string | undefined): Html {
  const open = rooms.filter(({ needs }) => may(c.get('caller'), needs));
  return html`<ul>${open.map(({ href, label }) => html`<li><a href="${href}" ${href === here ? raw('aria-current="page"') : NOTHING}>${label}</a></li>`)}</ul>`;
}

/** The workspace one looks at, and the way to the others. */
function switcher(c: PageContext): Html {
  const { workspaceId, workspaceName } = c.get('caller');
  const own = c.get('workspaces');
  if (own.length < 2) return html`<span class="workspace">${workspaceName}</span>`;
  const options = own.map(
    ({ id, name }) => html`<option value="${id}" ${id === workspaceId ? raw('selected') : NOTHING}>${name}</option>`,
  );
  return postForm(
    c,
    '/you/workspace',
    html`<select name="workspace" aria-label="Workspace">${options}</select><button class="quiet">Switch</button>`,
  );
}

/** A page for whoever comes, without anything of a workspace. */
export function barePage(title: string, body: Html): Html {
  return frame(
    title,
    html`<header class="bar"><span class="brand">Oncepost</span></header><main id="main" class="narrow">${body}</main>`,
  );
}

function noticeOf(notice: Notice | null): Html {
  if (notice === null) return NOTHING;
  return html`<p class="notice ${notice.kind}" role="status">${notice.text}</p>`;
}

function frame(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content='{"includeIndicatorCSS":false,"morphIgnore":["data-htmx-powered","open"]}'>
<title>${title} · Oncepost</title>
<link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${asset('style.css')}">
<script src="${asset('htmx.js')}" defer></script>
<script src="${asset('page.js')}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${content}
</body>
</html>`;
}
