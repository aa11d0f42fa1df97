// The steps of one attempt in their order, and the wait that each of them began, as the audit trail has them.
import { html } from 'hono/html';
import { OTHER_AUDIT, SCHEDULE_AUDIT } from '../../domain/audit/audit.ts';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';

type Event = ScheduleView['audit'][number];

const STEP_WORDS: Readonly<Record<string, string>> = {
  [SCHEDULE_AUDIT.attempt_started]: 'It began',
  [SCHEDULE_AUDIT.published]: 'The post is live',
  [SCHEDULE_AUDIT.refused]: 'It was refused',
  [SCHEDULE_AUDIT.rate_limited]: 'The platform throttled the account',
  [SCHEDULE_AUDIT.not_sent]: 'It stopped before the create left',
  [SCHEDULE_AUDIT.outcome_unknown]: 'Whether it is live was not known',
  [SCHEDULE_AUDIT.unconfirmed]: 'Nobody could tell whether it is live',
  [SCHEDULE_AUDIT.gate_blocked]: 'The gate stopped it',
  [SCHEDULE_AUDIT.target_repair]: 'Its account was gone',
  [OTHER_AUDIT.intentSent]: 'The create was let go',
  [OTHER_AUDIT.intentAbsent]: 'The platform was asked: the create made nothing live',
  [OTHER_AUDIT.attemptInterrupted]: 'Its worker was gone, and another took over',
  [OTHER_AUDIT.lateAnswer]: 'The answer came late',
  [OTHER_AUDIT.secondPost]: 'A second post was seen',
};

/** The steps of the attempt of that number; nothing where the trail tells none. */
export function stepList(c: PageContext, audit: readonly Event[], number: number): Html {
  const steps = audit.filter(({ payload }) => payload.attempt === number);
  if (steps.length === 0) return NOTHING;
  return html`<details><summary>Its steps (${steps.length})</summary><ol class="lines">${steps.map((step) => html`<li>${stepLine(c, step)}</li>`)}</ol></details>`;
}

function stepLine(c: PageContext, { at, type, payload }: Event): Html {
  const { cause, wakeAt, looks, sendDeadline } = payload;
  const code = typeof cause === 'string' ? html` <code>${cause}</code>` : NOTHING;
  const asked = typeof looks === 'number' && looks > 0 ? html`, in ${looks} looks` : NOTHING;
  const until = typeof sendDeadline === 'string' ? html`, to be sent by ${time(c, sendDeadline)}` : NOTHING;
  const waited = typeof wakeAt === 'string' ? html`; then it waited until ${time(c, wakeAt)}` : NOTHING;
  return html`${time(c, at)} ${STEP_WORDS[type] ?? html`<code>${type}</code>`}${code}${asked}${until}${waited}`;
}
