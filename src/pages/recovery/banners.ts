// What stands above the rows: batches that are under way, incidents with their repair, and published posts that were found otherwise.

import { html } from 'hono/html';
import type { Incident } from '../../domain/incidents/incident.ts';
import { actorName } from '../../domain/people/actor.ts';
import { listBatches } from '../../ledger/batches/list-batches.ts';
import { listIncidents } from '../../recovery/incidents.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { type Html, NOTHING, platformLabel, time } from '../shell/parts.ts';
import { foundWrong } from './found-wrong.ts';

const MOST_INCIDENTS = 20;
const MOST_BATCHES = 10;

/** Everything that stands above the rows of the recovery page. */
export async function banners(c: PageContext, deps: PagesDeps): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const [incidents, batches, found] = await Promise.all([
    listIncidents(deps.ledger, workspaceId, MOST_INCIDENTS + 1),
    listBatches(deps.ledger, { workspaceId, only: 'under_way', limit: MOST_BATCHES }),
    foundWrong(c, deps),
  ]);
  const running = batches.map(
    ({ batch, accountName }) =>
      html`<li><a href="/batches/${batch.id}">Batch of ${batch.members}</a> for ${accountName} (<code>${batch.cause}</code>), asked for by ${actorName(batch.askedBy)}, under way since ${time(c, batch.askedAt)}</li>`,
  );
  return html`${running.length === 0 ? NOTHING : html`<ul class="banner">${running}</ul>`}${incidentList(c, incidents)}${found}`;
}

function incidentList(c: PageContext, incidents: readonly Incident[]): Html {
  if (incidents.length === 0) return NOTHING;
  const shown = incidents.slice(0, MOST_INCIDENTS);
  const more =
    incidents.length > shown.length ? html`<p class="fact">The largest ${shown.length} are shown.</p>` : NOTHING;
  return html`<section class="group" aria-labelledby="group-incidents"><h2 id="group-incidents">Incidents <span class="count">${shown.length}</span></h2>
<ul class="rows">${shown.map((incident) => incidentRow(c, incident))}</ul>${more}</section>`;
}

/** The address of an incident's page. */
export function incidentHref({ account, cause }: Pick<Incident, 'account' | 'cause'>): string {
  return `/incidents/${encodeURIComponent(account.id)}/${cause.code}`;
}

function incidentRow(c: PageContext, incident: Incident): Html {
  const { account, platform, cause, members, says, lastFailedAt, repair, replayable } = incident;
  const href = incidentHref(incident);
  const act = replayable ? 'Replay together' : repair === 'reconnect_account' ? 'Reconnect' : 'Look';
  const to = !replayable && repair === 'reconnect_account' ? `/connections/${encodeURIComponent(account.id)}` : href;
  return html`<li class="row incident"><div class="post"><a class="excerpt" href="${href}">${members} of ${account.name}</a><span class="fact">${platformLabel(c, platform)}</span></div>
<div class="broke"><span class="state">${says}</span><p class="means">${cause.means} <code>${cause.code}</code></p></div>
<div class="due">last ${time(c, lastFailedAt)}</div><div class="owner"></div><div class="next"><a class="button" href="${to}">${act}</a></div></li>`;
}
