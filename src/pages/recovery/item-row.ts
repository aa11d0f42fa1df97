// One row of the recovery page: what broke, who owns it, is it live, and what to do next.
import { html } from 'hono/html';
import { ACTION_LABELS } from '../../domain/causes/next-action.ts';
import { may } from '../../domain/people/caller.ts';
import type { Item } from '../../domain/schedules/item.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import type { PageContext } from '../deps.ts';
import { disabledButton, type Html, NOTHING, postForm, time } from '../shell/parts.ts';

/** The row of an item. */
export function itemRow(c: PageContext, item: Item): Html {
  const story = `/schedules/${encodeURIComponent(item.id)}`;
  return html`<li class="row" id="item-${item.id}">
<div class="post"><a class="excerpt" href="${story}">${item.text === '' ? html`<em>no text</em>` : item.text}</a>
<span class="fact">${item.account.name} · ${item.platform}${item.mediaCount > 0 ? html` · ${item.mediaCount} media` : NOTHING}</span></div>
<div class="broke">${broke(c, item)}</div>
<div class="due">${time(c, item.publishAt)}</div>
<div class="owner">${ownerOf(c, item)}</div>
<div class="next">${next(c, item)}</div>
</li>`;
}

const LIVE_WORDS = { live: 'Live', not_live: 'Not live', unknown: 'Live or not: unknown' } as const;

function broke(c: PageContext, item: Item): Html {
  const state = SCHEDULE_STATES[item.state];
  const live = item.url
    ? html`<a class="live ${state.live}" href="${item.url}" rel="noreferrer">Live</a>`
    : html`<span class="live ${state.live}">${LIVE_WORDS[state.live]}</span>`;
  const why = item.cause ? item.cause.means : item.stateMeans;
  const code = item.cause ? html` <code>${item.cause.code}</code>` : NOTHING;
  const until = item.wakeAt ? html` · goes on ${time(c, item.wakeAt)}` : NOTHING;
  return html`<span class="state">${state.label}</span> ${live}<p class="means">${why}${code}${until}</p>`;
}

const OWNER_WORDS: Record<Item['owner']['role'], string> = {
  handoff_owner: 'publishes it by hand',
  recovery_owner: 'claimed it',
  last_actor: 'touched it last',
  creator: 'made it',
  system: 'made by the system',
  unassigned: 'nobody owns it',
};

function ownerOf(c: PageContext, item: Item): Html {
  const { role, label, id } = item.owner;
  const caller = c.get('caller');
  const mine = role === 'recovery_owner' && id === caller.actor.id;
  const who =
    label === null
      ? html`<span class="none">${OWNER_WORDS[role]}</span>`
      : html`<span class="name">${label}</span> <span class="fact">${OWNER_WORDS[role]}</span>`;
  if (!may(caller, 'publish.claim')) return who;
  const action = `/schedules/${encodeURIComponent(item.id)}/claim`;
  const wish = mine ? 'release' : role === 'recovery_owner' ? 'take_over' : 'claim';
  const label_ = { claim: 'Claim', release: 'Give back', take_over: 'Take over' }[wish];
  return html`${who} ${postForm(c, action, html`<button class="quiet" name="wish" value="${wish}">${label_}</button>`)}`;
}

function next(c: PageContext, item: Item): Html {
  const { code, kind, href } = item.nextAction;
  if (kind === 'link' && href !== undefined) return html`<a class="button" href="${href}">${ACTION_LABELS[code]}</a>`;
  if (kind === 'mutation') return replayButton(c, item);
  return html`<span class="fact">${whyNothing(item)}</span>`;
}

function replayButton(c: PageContext, item: Item): Html {
  if (!may(c.get('caller'), 'publish.replay')) {
    return disabledButton('Replay', 'Replaying needs the role operator.', `why-${item.id}`);
  }
  if (!item.replayOffered) return disabledButton('Replay', whyNothing(item), `why-${item.id}`);
  const action = `/schedules/${encodeURIComponent(item.id)}/replay`;
  return postForm(
    c,
    action,
    html`<input type="hidden" name="expectedAttempt" value="${item.attempts}"><button class="main">Replay</button>`,
  );
}

function whyNothing(item: Item): string {
  if (item.gate.verdict === 'blocked') return item.gate.reasons[0]?.text ?? item.stateMeans;
  return item.nextAction.code === 'retry_later' ? 'It retries by itself.' : 'There is nothing to do.';
}
