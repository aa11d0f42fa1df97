// `/rules`: what follows from events by itself, how often it did, and what was kept back. Rules are written through the API.
import { html } from 'hono/html';
import { z } from 'zod';
import { may } from '../../domain/people/caller.ts';
import { changeRule, listRules, type RuleRow } from '../../ledger/rules/rules.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';

/** Registers the page and what its forms do. */
export function rulePages(pages: Pages, deps: PagesDeps): void {
  pages.get('/rules', allowed('rules.read'), async (c) => c.html(await rulesPage(c, deps)));
  pages.post('/rules/:id/enabled', allowed('rules.change'), (c) => setEnabled(c, deps));
}

async function rulesPage(c: PageContext, { ledger }: PagesDeps): Promise<Html> {
  const rules = await listRules(ledger, c.get('caller').workspaceId);
  const list =
    rules.length === 0
      ? html`<p class="empty">There are no rules. An admin's key makes them: <code>POST /api/rules</code>.</p>`
      : html`<ul class="rows">${rules.map((rule) => ruleRow(c, rule))}</ul>`;
  return page(c, { title: 'Rules', room: '/alarms', body: html`<h1>Rules</h1>${list}` });
}

function ruleRow(c: PageContext, { id, name, definition, enabled, hits, suppressed, lastFiredAt }: RuleRow): Html {
  const last = lastFiredAt === null ? NOTHING : html`, last ${time(c, lastFiredAt)}`;
  const counts = html`fired ${hits} ${hits === 1 ? 'time' : 'times'}${last} · kept back ${suppressed} ${suppressed === 1 ? 'time' : 'times'}`;
  const does = definition.actions.map((action) => action.do.replaceAll('_', ' ')).join(', ');
  const form = may(c.get('caller'), 'rules.change')
    ? postForm(
        c,
        `/rules/${id}/enabled`,
        html`<button name="enabled" value="${enabled ? 'no' : 'yes'}">${enabled ? 'Disable' : 'Enable'}</button>`,
      )
    : NOTHING;
  return html`<li class="block"><p><strong>${name}</strong> <span class="state${enabled ? '' : ' warn'}">${enabled ? 'enabled' : 'disabled'}</span></p>
<p class="means">${does}</p><p class="fact">${counts}</p>
<details><summary>What it says</summary><pre>${JSON.stringify(definition, null, 2)}</pre></details>${form}</li>`;
}

async function setEnabled(c: PageContext, deps: PagesDeps): Promise<Response> {
  const enabled = (await readForm(c)).enabled === 'yes';
  const { workspaceId, actor } = c.get('caller');
  const id = z.uuid().safeParse(c.req.param('id')).data;
  const changed = id === undefined ? null : await changeRule(deps.ledger, { workspaceId, id, enabled, actor });
  if (changed === null || changed === 'name_taken') throw nothingHere();
  const text = enabled ? `"${changed.name}" is enabled.` : `"${changed.name}" is disabled; events pass it by.`;
  leaveNotice(c, deps, { kind: 'done', text });
  return c.redirect('/rules', 303);
}
