// What the workflow knows of itself: the answer to the query `status`, and the text an operator reads in the UI.
import { BLOCKED_TEXT } from '../src/domain/gate/gate.ts';
import type { MessageVerdict } from '../src/domain/messages/messages.ts';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { SCHEDULE_STATES } from '../src/domain/schedules/states.ts';
import { toPlainText } from '../src/domain/text/plain-text.ts';

export interface PublishStatus {
  readonly scheduleId: string | null;
  /** Null until the first run of the activity. */
  readonly result: PublishResult | null;
  /** True while the activity runs. */
  readonly running: boolean;
  /** The newest messages, newest last. */
  readonly messages: readonly MessageVerdict[];
}

/** Messages that are kept for the details; all of them are in the ledger. */
export const SHOWN_MESSAGES = 5;
const SHOWN_NAME_CHARS = 60;
const SHOWN_TEXT_CHARS = 500;

/** The current details in Markdown: what happened, what it waits for and until when, what may be sent. */
export function details(status: PublishStatus): string {
  return [headline(status), ...reasons(status), ...waiting(status), ...sendable(status), ...heard(status)].join('\n\n');
}

function headline({ result, running }: PublishStatus): string {
  if (!result || running) return '**Publishing.** An attempt is under way.';
  const where = `${result.platform} account **${plain(result.accountName)}**`;
  if (result.state === 'published') return `**Live** on ${where}: ${whereLive(result)}`;
  const name = result.state.replaceAll('_', ' ');
  return `**${name.charAt(0).toUpperCase()}${name.slice(1)}** for ${where}: ${SCHEDULE_STATES[result.state].means}. Attempts so far: ${result.attempts}.`;
}

function whereLive({ url, platformPostId }: PublishResult): string {
  return url === null ? `post ${plain(platformPostId ?? '')}` : `<${url.replace(/[\s<>]/g, encodeURIComponent)}>`;
}

/** Why it stopped; the cause of an earlier attempt says nothing of the one under way. */
function reasons({ result, running }: PublishStatus): string[] {
  if (!result || running) return [];
  const cause = result.cause ? [`**Why:** \`${result.cause.code}\` ${plain(result.cause.text)}`] : [];
  const blocked = result.blockedReason
    ? [`**Blocked:** \`${result.blockedReason}\` ${BLOCKED_TEXT[result.blockedReason]}`]
    : [];
  return [...cause, ...blocked];
}

function waiting({ result, running }: PublishStatus): string[] {
  if (running || !result?.wakeAt) return [];
  if (result.waitsForAccount) {
    const asks = `at ${result.wakeAt} at the latest, it asks again`;
    return [`**Waits for its account:** another publish holds it. It goes on when its turn has come; ${asks}.`];
  }
  return [`**Goes on by itself** at ${result.wakeAt}.`];
}

function sendable({ result, running }: PublishStatus): string[] {
  if (running || !result) return ['**You may send:** `cancel`, until the call has left.'];
  switch (result.state) {
    case 'unconfirmed':
      return [
        '**You may send:** the update `resolve` with what you found on the account, or `replay`, which asks the platform again before anything else and creates nothing while the answer is open.',
      ];
    case 'failed':
    case 'blocked':
    case 'repair_required':
      return [
        '**You may send:** `replay` (it passes the gate; where a call may have left, the platform is asked first), `reschedule`, `handoff` or `cancel`.',
      ];
    case 'handoff_pending':
      return ['**You may send:** the update `completeHandoff`, or `cancel`.'];
    case 'retry_later':
      return result.cause?.code === 'rate_limited'
        ? ['**You may send:** `reschedule`, `handoff` or `cancel`.']
        : ['**You may send:** `resume`, to try again now, `reschedule`, `handoff` or `cancel`.'];
    case 'queued':
    case 'held':
    case 'missed':
      return ['**You may send:** `reschedule`, `handoff` or `cancel`.'];
    case 'outcome_unknown':
      return ['**You may send:** the update `resolve` with the verdict `live`, if you see the post on the account.'];
    default:
      return [];
  }
}

function heard({ messages }: PublishStatus): string[] {
  if (messages.length === 0) return [];
  const lines = messages.map(({ message, accepted, reason, text }) => {
    const verdict = accepted ? 'accepted' : `refused, \`${reason ?? 'unanswered'}\``;
    return `- \`${toPlainText(message.replaceAll('`', "'").replace(/\s+/g, ' '), SHOWN_NAME_CHARS)}\` ${verdict}: ${plain(toPlainText(text, SHOWN_TEXT_CHARS))}`;
  });
  return [`**Messages**\n\n${lines.join('\n')}`];
}

/** Other people's words must not become Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/g, '\\$&').replace(/\s+/g, ' ');
}
