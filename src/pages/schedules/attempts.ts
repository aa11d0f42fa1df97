// Every attempt of a publish with its steps: what was sent, what was answered, and how it ended.
import { html } from 'hono/html';
import { CAUSES } from '../../domain/causes/causes.ts';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import type { AttemptOutcome } from '../../domain/schedules/states.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { createCall } from './create-call.ts';
import { stepList } from './steps.ts';

type Attempt = ScheduleView['attempts'][number];
type Intent = ScheduleView['intents'][number];

const OUTCOME_WORDS: Record<AttemptOutcome, string> = {
  published: 'The post is live.',
  refused: 'The platform refused it.',
  outcome_unknown: 'Whether it is live was not known.',
  unconfirmed: 'Nobody can tell whether it is live.',
  rate_limited: 'The platform throttled the account.',
  not_sent: 'The create did not leave.',
  gate_blocked: 'The gate stopped it.',
  interrupted: 'It was interrupted.',
};

/** The attempts, newest first: the last one is what people ask about. */
export function attemptList(c: PageContext, { attempts, intents, remote, audit }: ScheduleView): Html {
  if (attempts.length === 0) return html`<p class="empty">None yet.</p>`;
  const rows = attempts.toReversed().map((attempt) => {
    const intent = intents.find((one) => one.attempt === attempt.number);
    return html`<li class="entry" id="attempt-${attempt.number}">${attemptEntry(c, attempt, intent)}${stepList(c, audit, attempt.number)}</li>`;
  });
  const saved =
    remote.length === 0
      ? NOTHING
      : html`<details><summary>Saved at the platform while preparing (${remote.length})</summary><dl class="facts">${remote.map(({ key, value }) => html`<div><dt>${key}</dt><dd><code>${value}</code></dd></div>`)}</dl></details>`;
  return html`<ol class="rows">${rows}</ol>${saved}`;
}

function attemptEntry(c: PageContext, attempt: Attempt, intent: Intent | undefined): Html {
  const { number, startedAt, endedAt, worker, outcome } = attempt;
  const end = endedAt === null ? html`, still running` : html` to ${time(c, endedAt)}`;
  const how = outcome === null ? 'It runs now.' : OUTCOME_WORDS[outcome];
  return html`<p><strong>Attempt ${number}</strong> <span class="fact">${time(c, startedAt)}${end} on ${worker}</span></p>
<p><span class="state">${how}</span> ${outcome === null ? NOTHING : html`<code>${outcome}</code>`}</p>
${intent === undefined ? html`<p class="fact">No create was sent.</p>` : createCall(c, intent)}${causeLines(attempt)}`;
}

function causeLines({ cause }: Attempt): Html {
  if (cause === null) return NOTHING;
  const { code, stage, httpStatus, externalText, rawText, source } = cause;
  const status = httpStatus === undefined ? NOTHING : html`, HTTP ${httpStatus}`;
  const raw =
    rawText === '' ? NOTHING : html`<details><summary>The raw answer</summary><pre>${rawText}</pre></details>`;
  return html`<p>${CAUSES[code].means} <code>${code}</code> <span class="fact">at ${stage}${status}, known by ${source}</span></p>
${externalText === '' ? NOTHING : html`<p>“${externalText}”</p>`}${raw}`;
}
