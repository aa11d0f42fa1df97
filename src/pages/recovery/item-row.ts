// One row of the recovery page: what broke, who owns it, is it live, and what to do next.

import { html } from 'hono/html';
import { ACTION_LABELS } from '../../domain/causes/next-action.ts';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import type { Item } from '../../domain/schedules/item.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import type { PageContext } from '../deps.ts';
import { thumbnail } from '../media/thumbnail.ts';
import { disabledButton, type Html, NOTHING, platformLabel, rowButton, time } from '../shell/parts.ts';

/** The row of an item; `plain` leaves out what can be pressed. */
export function itemRow(c: PageContext, item: Item, how: 'whole' | 'plain' = 'whole'): Html {
  const story = storyOf(item);
  return html`<li class="row" id="item-${item.id}">
<div class="post">${item.mediaCount === 0 ? NOTHING : thumbnail(item, 1)}<a class="excerpt" href="${story}">${item.text === '' ? html`<em>no text</em>` : beginning(item.text, LINE_CHARS)}</a>
<span class="fact">${item.account.name} · ${platformLabel(c, item.platform)}${item.mediaCount > 1 ? html` · ${item.mediaCount} media` : NOTHING}</span></div>
<div class="broke">${broke(c, item)}</div>
<div class="due">due ${time(c, item.publishAt, 'plain')}</div>
<div class="owner">${how === 'plain' ? ownerWords(item.owner) : ownerOf(c, item)}</div>
<div class="next">${how === 'plain' ? NOTHING : next(c, item)}</div>
</li>`;
}

/** As much of a post as one line shows on a wide screen. */
const LINE_CHARS = 80;
const WHY_CHARS = 240;

function beginning(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

const storyOf = ({ id }: Item) => `/schedules/${encodeURIComponent(id)}`;

const LIVE_WORDS = { live: 'Live', not_live: 'Not live', unknown: 'Live or not: unknown' } as const;

function broke(c: PageContext, item: Item): Html {
  const state = SCHEDULE_STATES[item.state];
  const told = state.label === LIVE_WORDS.live;
  const live = item.url
    ? html`<a class="liveness live" href="${item.url}" rel="noreferrer">${told ? 'Open the post' : 'Live'}</a>`
    : told
      ? NOTHING
      : html`<span class="liveness ${state.live}">${LIVE_WORDS[state.live]}</span>`;
  if (state.live === 'live' && item.cause === null) return html`<b>${state.label}</b> ${live}`;
  const why = beginning(whyBroken(item), WHY_CHARS);
  const code = item.cause ? html` <code>${item.cause.code}</code>` : NOTHING;
  const until = item.wakeAt ? html` · goes on ${time(c, item.wakeAt)}` : NOTHING;
  return html`<b>${state.label}</b> ${live}<p class="means">${why}${code}${until}</p>`;
}

/** Of a failure without a name of its own, what was met says more than that it has none. */
function whyBroken({ cause, state, stateMeans, gate }: Item): string {
  if (cause) return cause.code === 'unknown' && cause.externalText !== '' ? cause.externalText : cause.means;
  return (state === 'blocked' && gate.verdict === 'blocked' && gate.reasons[0]?.text) || stateMeans;
}

const OWNER_WORDS: Record<Item['owner']['role'], string> = {
  handoff_owner: 'publishes it by hand',
  recovery_owner: 'claimed it',
  last_actor: 'touched it last',
  creator: 'made it',
  system: 'made by the system',
  unassigned: 'nobody owns it',
};

/** Who owns it, and why that one. */
export function ownerWords({ role, type, label }: Item['owner']): Html {
  if (label === null) return html`<span class="none">${OWNER_WORDS[role]}</span>`;
  return html`<span class="name">${actorName({ type, label })}</span> <span class="fact">${OWNER_WORDS[role]}</span>`;
}

function ownerOf(c: PageContext, item: Item): Html {
  const { role, id } = item.owner;
  const caller = c.get('caller');
  const mine = role === 'recovery_owner' && id === caller.actor.id;
  if (!may(caller, 'publish.claim') || SCHEDULE_STATES[item.state].ended) return ownerWords(item.owner);
  const wish = mine ? 'release' : role === 'recovery_owner' ? 'take_over' : 'claim';
  const label_ = { claim: 'Claim', release: 'Give back', take_over: 'Take over' }[wish];
  return html`${ownerWords(item.owner)} ${rowButton(`${storyOf(item)}/claim`, label_, { name: 'wish', value: wish, style: 'quiet' })}`;
}

function next(c: PageContext, item: Item): Html {
  const { code, kind, href } = item.nextAction;
  if (kind === 'link' && href !== undefined) return html`<a class="button" href="${href}">${ACTION_LABELS[code]}</a>`;
  if (kind === 'mutation') return replayButton(c, item);
  // Its time is part of the version: what is approved before it has a new one is to be approved again.
  if (item.state === 'missed' && may(c.get('caller'), 'publish.reschedule')) {
    return html`<a class="button" href="${storyOf(item)}/reschedule">Give it another time</a>`;
  }
  if (item.state !== 'missed' && isUnapproved(item)) {
    return html`<a class="button" href="${storyOf(item)}/review">Review it</a>`;
  }
  return html`<span class="fact">${whyNothing(item)}</span>`;
}

/** It does not go out before it is approved, whether it was stopped for that or its time has not come. */
function isUnapproved({ gate, state }: Item): boolean {
  if (gate.verdict !== 'blocked' || SCHEDULE_STATES[state].ended) return false;
  return gate.reasons.some(({ code }) => code === 'review_not_approved');
}

function replayButton(c: PageContext, item: Item): Html {
  if (!may(c.get('caller'), 'publish.replay')) {
    return disabledButton('Replay', 'Replaying needs the role operator.', `why-${item.id}`);
  }
  if (!item.replayOffered) return disabledButton('Replay', whyNothing(item), `why-${item.id}`);
  const pinned = { name: 'expectedAttempt', value: item.attempts, style: 'main' } as const;
  return rowButton(`${storyOf(item)}/replay`, 'Replay', pinned);
}

function whyNothing(item: Item): string {
  const known = NO_ACTION[item.state];
  if (known !== undefined) return known;
  if (item.gate.verdict === 'blocked') return item.gate.reasons[0]?.text ?? item.stateMeans;
  return item.nextAction.code === 'retry_later' ? 'It retries by itself.' : 'There is nothing to do.';
}

/** Where no action of a row's own leads on, and something else does. */
const NO_ACTION: Partial<Record<Item['state'], string>> = {
  queued: 'It waits for its time or for a worker.',
  retry_later: 'It retries by itself.',
  posting: 'It is being published now.',
  outcome_unknown: 'The platform is asked again by itself.',
  held: 'It goes out when the hold is released.',
  missed: 'It goes out only at a new time, which needs the role operator.',
  published: 'Nothing to do.',
  handoff_completed: 'Nothing to do.',
  canceled: 'It was canceled.',
};
