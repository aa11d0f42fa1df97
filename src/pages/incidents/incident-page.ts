// `/incidents/{accountId}/{cause}`: what broke, the one repair, its members, and the batch that replays them together.

import { html } from 'hono/html';
import { z } from 'zod';
import { CAUSE_CODES, type CauseCode } from '../../domain/causes/causes.ts';
import { ACTION_LABELS } from '../../domain/causes/next-action.ts';
import type { Incident } from '../../domain/incidents/incident.ts';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import { listBatches } from '../../ledger/batches/list-batches.ts';
import { startBatch } from '../../publishing/batches/start-batch.ts';
import { readCursor } from '../../recovery/cursor.ts';
import { findIncident } from '../../recovery/incidents.ts';
import { listItems } from '../../recovery/list-items.ts';
import { batchState, pacingOf } from '../batches/words.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { incidentHref } from '../recovery/banners.ts';
import { itemRow } from '../recovery/item-row.ts';
import { leaveNotice } from '../session/cookies.ts';
import { limitedReplays } from '../session/limited.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { disabledButton, type Html, NOTHING, platformLabel, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';
import { batchForm, readBatchForm } from './batch-form.ts';

const SHOWN = 50;
const MOST_BATCHES = 5;
const PATH = '/incidents/:accountId/:cause';

/** Registers the page, and the replay of its members together. */
export function incidentPage(pages: Pages, deps: PagesDeps): void {
  pages.get(PATH, allowed('items.read'), (c) => show(c, deps, {}, null, 200));
  pages.post(`${PATH}/replay`, allowed('publish.replay'), limitedReplays(deps), (c) => replayTogether(c, deps));
}

interface Named {
  readonly accountId: string;
  readonly cause: CauseCode;
}

function namedBy(c: PageContext): Named {
  const cause = CAUSE_CODES.safeParse(c.req.param('cause'));
  const accountId = z.uuid().safeParse(c.req.param('accountId'));
  if (!(cause.success && accountId.success)) throw nothingHere();
  return { accountId: accountId.data, cause: cause.data };
}

type Form = Readonly<Record<string, string>>;

async function show(
  c: PageContext,
  deps: PagesDeps,
  form: Form,
  problem: string | null,
  status: 200 | 422,
): Promise<Response> {
  const { workspaceId } = c.get('caller');
  const named = namedBy(c);
  const [incident, batches] = await Promise.all([
    findIncident(deps.ledger, workspaceId, named),
    listBatches(deps.ledger, { workspaceId, only: named, limit: MOST_BATCHES }),
  ]);
  if (incident === null && batches.length === 0) throw nothingHere();
  const before =
    batches.length === 0
      ? NOTHING
      : html`<section aria-labelledby="h-batches"><h2 id="h-batches">Batches</h2><ul class="rows">${batches.map(({ batch }) => html`<li class="entry"><a href="/batches/${batch.id}">Batch of ${batch.members}</a> ${pacingOf(c, batch.pace)}, asked for by ${actorName(batch.askedBy)} ${time(c, batch.askedAt)} <span class="fact">${batchState(batch)}</span></li>`)}</ul></section>`;
  const title =
    incident === null ? 'Nothing is left of this incident' : `${incident.members} of ${incident.account.name}`;
  const body = html`<p class="fact"><a href="/">Recovery</a></p><h1>${title}</h1>
${incident === null ? html`<p>No failure of this account waits for <code>${named.cause}</code> any more.</p>` : await standing(c, deps, incident, { form, problem })}${before}`;
  return c.html(page(c, { title, room: '/', body }), status);
}

interface Tried {
  readonly form: Form;
  readonly problem: string | null;
}

async function standing(c: PageContext, deps: PagesDeps, incident: Incident, { form, problem }: Tried): Promise<Html> {
  const { account, platform, cause, says, firstFailedAt, lastFailedAt, oldestDueAt } = incident;
  const { workspaceId } = c.get('caller');
  const after = readCursor(c.req.query('after') ?? '');
  const found = await listItems(deps.ledger, {
    workspaceId,
    filter: { incident: { accountId: account.id, cause: cause.code } },
    order: 'oldest_due',
    after,
    limit: SHOWN,
  });
  const href = incidentHref(incident);
  const next =
    found.nextCursor === null
      ? NOTHING
      : html`<a href="${withQuery(href, { after: found.nextCursor })}" rel="next">Next ${SHOWN}</a>`;
  return html`<p><strong>${says}</strong> ${cause.means} <code>${cause.code}</code></p>
<p class="fact">${account.name} on ${platformLabel(c, platform)} · failed from ${time(c, firstFailedAt)} to ${time(c, lastFailedAt)} · the oldest was due ${time(c, oldestDueAt)}</p>
<section aria-labelledby="h-repair"><h2 id="h-repair">The repair</h2>${repair(incident)}</section>
<section aria-labelledby="h-together"><h2 id="h-together">Replay together</h2>
${problem === null ? NOTHING : html`<p class="notice refused" role="alert">${problem} Nothing was changed.</p>`}${together(c, incident, form)}</section>
<section aria-labelledby="h-members"><h2 id="h-members">Members <span class="count">${incident.members}</span></h2>
<ul class="rows">${found.items.map((item) => itemRow(c, item))}</ul><p class="pager">${next}</p></section>`;
}

function repair({ repair: action, account, members, repaired }: Incident): Html {
  if (action === 'reconnect_account') {
    const href = `/connections/${encodeURIComponent(account.id)}`;
    const done =
      repaired === members ? html`<p>The account was reconnected after all of them had failed.</p>` : NOTHING;
    return repaired === members ? done : html`<p><a class="button" href="${href}">${ACTION_LABELS[action]}</a></p>`;
  }
  if (action === 'review_media') return html`<p>Open each member below and look at its media.</p>`;
  return html`<p>${action === 'replay_publish' ? 'Nothing has to be repaired first, as far as the platform told.' : 'There is none that holds for all of them.'}</p>`;
}

function together(c: PageContext, incident: Incident, form: Form): Html {
  const label = `Replay ${incident.members} together`;
  if (!may(c.get('caller'), 'publish.replay'))
    return disabledButton(label, 'Replaying needs the role operator.', 'why-together');
  if (!incident.replayable) {
    const why =
      incident.repair === 'reconnect_account'
        ? 'Reconnect the account first: they would only be refused again.'
        : incident.says;
    return disabledButton(label, why, 'why-together');
  }
  return batchForm(c, { action: `${incidentHref(incident)}/replay`, label, form });
}

const ASKED_WORDS = {
  started: 'It runs on its own: you may close this page.',
  pending:
    'It is stored and has not begun yet, since Temporal is slow to answer. It begins by itself within minutes: you may close this page.',
  not_needed: 'All of them are too old, so none is replayed.',
} as const;

async function replayTogether(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const { accountId: account, cause } = namedBy(c);
  const read = readBatchForm(form, c.get('zone'), c.get('arrivedAt'));
  if ('problem' in read) return show(c, deps, form, read.problem, 422);
  const reply = await startBatch(deps, c.get('caller'), { account, cause, ...read });
  switch (reply.kind) {
    case 'asked':
      leaveNotice(c, deps, { kind: 'done', text: ASKED_WORDS[reply.workflow] });
      return c.redirect(`/batches/${reply.id}`, 303);
    case 'under_way':
      leaveNotice(c, deps, {
        kind: 'refused',
        text: 'All of them wait for their turn in this batch already, so nothing was changed; cancel the rest of it to ask anew.',
      });
      return c.redirect(`/batches/${reply.id}`, 303);
    case 'too_many':
      return show(c, deps, form, 'These are too many for one batch; name a time before which they are skipped.', 422);
    case 'nothing':
      return show(c, deps, form, 'None of them waits any more.', 422);
    default:
      throw nothingHere();
  }
}
