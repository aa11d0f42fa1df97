// Why a program did not come to its end, in one sentence each, with its last words.
import { stripVTControlCharacters } from 'node:util';
import type { StageOf } from '../../../domain/pipeline/contract.ts';
import { type StageCause, stageCause } from '../../../domain/pipeline/stage-causes.ts';
import type { BadAnswer } from '../answer.ts';
import type { Concealer } from '../conceal.ts';
import type { CutOff, Heard, ProgramEnd } from './program.ts';

type Stage = StageOf<'command'>;

const SHOWN_CHARS = 4_000;

/** The machine has no room for another process now. */
const NO_ROOM = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'];

export function notStarted(code: string, stage: Stage): StageCause {
  const happened = `${nameOf(stage)} could not be started (${code}), so nothing was done.`;
  if (NO_ROOM.includes(code)) return stageCause('fault', `${happened} This machine has no room for it now; retry.`);
  const advice = 'Put it on the PATH of the worker, or name it by its whole path, and let it be executed; then retry.';
  return stageCause('program_missing', `${happened} ${advice}`);
}

/** Null: it ended well, and said whatever it said. */
export function causeOf(
  end: Exclude<ProgramEnd, { kind: 'not_started' }>,
  stage: Stage,
  conceal: Concealer,
): StageCause | null {
  const last = lastWords(end, conceal);
  const rest = end.allGone ? '' : ' Some of its processes could not be ended: end them by hand.';
  if (end.kind === 'cut_off') {
    const [code, sentence] = cutOff(end.why, stage);
    return stageCause(code, `${nameOf(stage)} ${sentence}${rest}`, last);
  }
  if (end.status !== 0) {
    const how = end.signal === null ? `ended with status ${end.status}` : `was killed by ${end.signal}`;
    const sentence = `${nameOf(stage)} ${how}, so nothing it made was kept; its last words may say why.${rest}`;
    return stageCause('program_failed', sentence, last);
  }
  if (!end.left) return null;
  const sentence = `${nameOf(stage)} ended and left another one running, so nothing it made was kept.`;
  const ended = end.allGone ? 'That one was ended too; let the program wait for what it starts.' : rest.trim();
  return stageCause('child_left_behind', `${sentence} ${ended}`, last);
}

function cutOff(why: CutOff, { timeoutMs, maxOutputBytes }: Stage) {
  const said = {
    timed_out: `took longer than its ${timeoutMs / 1000} s and was ended; nothing it made was kept.`,
    stopped: 'was ended before it was done; nothing it made was kept.',
    too_large: `said more than its ${maxOutputBytes} bytes and was ended; let it say less, or allow it more by max_output.`,
  };
  const codes = { timed_out: 'timed_out', stopped: 'stopped', too_large: 'output_too_large' } as const;
  return [codes[why], said[why]] as const;
}

/** It did nothing, by its own word. */
export function refusal(why: string, stage: Stage, heard: Heard, conceal: Concealer): StageCause {
  return stageCause('refused', `${nameOf(stage)} refused: ${conceal.text(why)}`, lastWords(heard, conceal));
}

export function unfit({ code, message }: BadAnswer, stage: Stage, heard: Heard, conceal: Concealer): StageCause {
  return stageCause(code, `${nameOf(stage)} ended well, but: ${conceal.text(message)}`, lastWords(heard, conceal));
}

/** The last whole lines of what it said on stderr; of stdout the beginning, where it said nothing there. */
function lastWords({ stdout, stderr }: Heard, conceal: Concealer): string {
  const plain = stripVTControlCharacters(stderr.text);
  if (plain.trim() !== '') return lastLines((stderr.cut ? conceal.end(plain) : conceal.text(plain)).trim());
  return conceal
    .text(stripVTControlCharacters(new TextDecoder().decode(stdout)))
    .slice(0, SHOWN_CHARS)
    .trim();
}

function lastLines(text: string): string {
  if (text.length <= SHOWN_CHARS) return text;
  const end = text.slice(-SHOWN_CHARS);
  return end.slice(end.indexOf('\n') + 1);
}

function nameOf({ command: [file = ''] }: Stage): string {
  return `The program "${file.slice(0, 200)}"`;
}
