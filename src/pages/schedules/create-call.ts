// The one call of an attempt that could make its post live: what was sent, what came back, how that was read, and what looks
// at the platform have said of it since.
import { html } from 'hono/html';
import type { CauseSource } from '../../domain/causes/causes.ts';
import type { CallAnswer } from '../../domain/schedules/create-record.ts';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import type { IntentState } from '../../domain/schedules/states.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';

type Intent = ScheduleView['intents'][number];

const STATE_WORDS: Record<IntentState, string> = {
  sent: 'it may have left, and nothing has come back',
  unknown: 'it may have left, and its outcome is not known',
  live: 'it made the post live',
  refused: 'the platform refused it',
  not_sent: 'it did not leave',
  absent: 'it made nothing live, as the platform showed',
  denied: 'a person said that it made nothing live',
};

/** What became of it in a sentence, and its record; that stands open while nobody knows what became of it. */
export function createCall(c: PageContext, intent: Intent): Html {
  const { sentAt, sendDeadline, closedAt, state } = intent;
  const until =
    closedAt === null ? html`, to be sent by ${time(c, sendDeadline)}` : html`, accounted for ${time(c, closedAt)}`;
  const open = closedAt === null ? html` open` : NOTHING;
  return html`<p>The create was let go ${time(c, sentAt)}: ${STATE_WORDS[state]} <code>${state}</code>${until}.</p>
<details${open}><summary>What was sent and what came back</summary>${callRecord(c, intent)}</details>`;
}

/** Its record: facts first, then the words themselves. */
export function callRecord(c: PageContext, intent: Intent): Html {
  const { sent, answer, markers } = intent;
  return html`<dl class="facts">${factsOf(c, intent).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${words('Its content', sent?.excerpt ?? '')}${words('The answer', answer === null || brokeOff(answer) ? '' : answer.text)}${words('What a look for the post goes by', markers)}`;
}

function factsOf(c: PageContext, intent: Intent): (readonly [string, Html | string])[] {
  const { sent, answer, sentAt } = intent;
  const call =
    sent === null
      ? [['Sent', 'What it was is not on record.'] as const]
      : [
          ['Sent', html`<code>${sent.method} ${sent.target}</code>, ${sent.sizeBytes} bytes`] as const,
          ['SHA-256 of them', html`<code>${sent.sha256}</code>`] as const,
        ];
  const read = answer === null ? [] : [['Read as', readWords(answer)] as const];
  return [
    ...call,
    ['Let go', exact(sentAt)],
    ['Came back', answer === null ? nothingCame(intent) : html`${cameWords(answer)} ${exact(answer.at)}`],
    ...read,
    ...looksOf(c, intent),
  ];
}

/** To be laid beside the platform's own log, which goes by seconds of UTC. */
const exact = (at: string): Html => html`<time datetime="${at}">${at.replace('T', ' ').replace('Z', ' UTC')}</time>`;

function nothingCame({ state, sent }: Intent): string {
  if (sent === null) return 'Nothing is on record.';
  return state === 'sent'
    ? 'Nothing is on record yet; should its worker be gone, nothing will be.'
    : 'Nothing is on record: its worker was gone before an answer was saved.';
}

const brokeOff = ({ came }: CallAnswer): boolean => came === 'no_answer' || came === 'not_sent';

function cameWords({ came, status, text }: CallAnswer): Html {
  switch (came) {
    case 'answer':
      return html`HTTP ${status},`;
    case 'tool_answer':
      return html`An answer of the tool,`;
    case 'no_answer':
      return html`No answer: it broke off <code>${text}</code>,`;
    case 'not_sent':
      return html`Nothing: not a byte of it left <code>${text}</code>,`;
  }
}

const READ_WORDS: Record<CallAnswer['readAs'], string> = {
  live: 'Yes: the post is live.',
  refused: 'No: it made nothing live.',
  unclear: 'Neither yes nor no, so that nothing more is sent before the platform was asked.',
  not_sent: 'It did not leave, so that nothing is live by it.',
};

const KNOWN_WORDS: Record<CauseSource, string> = {
  raw_error_signature: "Known by the platform's own code.",
  normalized_bucket: 'Known by the kind of its answer.',
  status_only: 'Known by how it ended alone.',
};

function readWords({ readAs, knownBy }: CallAnswer): Html {
  const known = knownBy === null ? NOTHING : html` ${KNOWN_WORDS[knownBy]} <code>${knownBy}</code>`;
  return html`${READ_WORDS[readAs]}${known}`;
}

function looksOf(c: PageContext, { looks, duplicate }: Intent): (readonly [string, Html | string])[] {
  const { missed, lastMissAt, unreadableSince } = looks;
  return [
    ...(duplicate ? [['Duplicate', 'The platform says that an equal post is live.'] as const] : []),
    ...(missed === 0 || lastMissAt === null
      ? []
      : [
          [
            'Looked for since',
            html`${missed === 1 ? 'One look' : `${missed} looks`} did not find its post, the last ${time(c, lastMissAt)}.`,
          ] as const,
        ]),
    ...(unreadableSince === null
      ? []
      : [['Cannot be asked', html`No look at the platform could be read since ${time(c, unreadableSince)}.`] as const]),
  ];
}

function words(heading: string, text: string): Html {
  return text === '' ? NOTHING : html`<p class="fact">${heading}</p><pre>${text}</pre>`;
}
