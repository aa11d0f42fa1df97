// What the workflow of a run knows of itself: the answer to the query `status`, and the text an operator reads in the UI.
import type { RunVerdict } from '../src/domain/pipeline/run-messages.ts';
import type { RunStep } from '../src/domain/pipeline/run-step.ts';
import { toPlainText } from '../src/domain/text/plain-text.ts';

export interface PipelineStatus {
  readonly runId: string | null;
  /** Null until the first step. */
  readonly step: RunStep | null;
  /** True while a stage is worked on. */
  readonly working: boolean;
  /** The newest messages, newest last. */
  readonly messages: readonly RunVerdict[];
}

const SHOWN_TEXT_CHARS = 500;

/** The current details in Markdown: where the run is, what it waits for and until when, what may be sent. */
export function runDetails(status: PipelineStatus): string {
  return [headline(status), ...why(status), ...sendable(status), ...heard(status)].join('\n\n');
}

function headline({ step, working }: PipelineStatus): string {
  if (!step) return '**Starting.** The run is being taken in.';
  const { state, stageId, terminal, wakeAt } = step;
  if (state === 'ended') return `**${plain(terminal ?? 'ended')}.** The last stage was **${plain(stageId)}**.`;
  if (state === 'canceled') return `**Canceled** at the stage **${plain(stageId)}**.`;
  if (working) return `**Working** on a stage; the last word was of **${plain(stageId)}**.`;
  const until = wakeAt === null ? '' : ` It goes on by itself at ${wakeAt}.`;
  return `The stage **${plain(stageId)}** is **${state}**.${until}`;
}

function why({ step, working }: PipelineStatus): string[] {
  if (!step?.says || working) return [];
  const code = step.cause === null ? '' : `\`${step.cause}\` `;
  return [`**Why:** ${code}${plain(toPlainText(step.says, SHOWN_TEXT_CHARS))}`];
}

function sendable({ step, working }: PipelineStatus): string[] {
  if (!step || step.state === 'ended' || step.state === 'canceled') return [];
  if (working || step.state === 'running') return ['**You may send:** `cancel`.'];
  if (step.state === 'waiting') return ['**You may send:** `resume`, `submit` where a person hands in, or `cancel`.'];
  if (step.cause === 'content_conflict') return ['**You may send:** `adopt`, `rename`, `retry` or `cancel`.'];
  return ['**You may send:** `retry`, `submit` where it makes files, or `cancel`.'];
}

function heard({ messages }: PipelineStatus): string[] {
  if (messages.length === 0) return [];
  const lines = messages.map(({ message, accepted, reason, text }) => {
    const verdict = accepted ? 'accepted' : `refused, \`${reason ?? 'unanswered'}\``;
    return `- \`${toPlainText(message.replaceAll('`', "'").replace(/\s+/g, ' '), 60)}\` ${verdict}: ${plain(toPlainText(text, SHOWN_TEXT_CHARS))}`;
  });
  return [`**Messages**\n\n${lines.join('\n')}`];
}

/** Other people's words must not become Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/g, '\\$&').replace(/\s+/g, ' ');
}
