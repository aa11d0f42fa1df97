// Reads a refusal of X into facts, and the facts into a typed cause. Never throws; texts leave it redacted.
import type { Cause, RateWindow, Stage } from '../../domain/causes/causes.ts';
import { type Classified, classify, type ErrorFacts } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { PlatformSession } from '../sessions.ts';
import { PLATFORM, signaturesFor } from './errors.ts';
import { resumeAt } from './rate-limit.ts';
import { type Problem, problemSchema } from './wire.ts';

/** Of a session, what the reading of a refusal needs. */
export type Reader = Pick<PlatformSession, 'grant' | 'now'> & {
  readonly account: { readonly scopes: readonly string[] };
};

/** More of a raw answer than this is never looked at. */
const RAW_CHARS = 20_000;

/** A post with media is a parent, and its create counts as one. */
const WINDOW_OF: Partial<Record<Stage, RateWindow>> = { parent: 'create' };

/** The refusal as a problem, or null when the body is nothing X would say. */
function problemOf(answer: HttpAnswer): Problem | null {
  const read = problemSchema.safeParse(bodyJson(answer));
  return read.success && sentencesOf(read.data).length > 0 ? read.data : null;
}

/** Refusals by their status alone: X's edge gives them before it looks at anything, often without a body. */
const PLAIN_REFUSALS: readonly number[] = [401, 413, 429];

/** Whether a refusal is X's own; any other may come from whatever stands in between. */
export function isWorded(answer: HttpAnswer): boolean {
  return PLAIN_REFUSALS.includes(answer.status) || problemOf(answer) !== null;
}

/**
 * The facts of an answer that refuses; a throttled one says when to ask again. `window` is what the call counts in, where
 * that is not usual at its stage.
 */
export function factsOf(answer: HttpAnswer, stage: Stage, reader: Reader, window = WINDOW_OF[stage]): ErrorFacts {
  const problem = problemOf(answer);
  const code = problem ? codeOf(problem) : undefined;
  return {
    platform: PLATFORM,
    stage,
    httpStatus: answer.status,
    code,
    subcode: (problem?.errors[0]?.code ?? problem?.code)?.toString(),
    message: redact(problem ? sentencesOf(problem).join(' ') : unexplained(answer), reader.grant),
    raw: redact(`HTTP ${answer.status} ${bodyText(answer).slice(0, RAW_CHARS)}`, reader.grant),
    resumeAt: answer.status === 429 ? resumeAt(answer.headers, reader.now(), code === 'usage-capped') : undefined,
    window,
  };
}

/** Classifies an answer that refuses. */
export function classifyAnswer(answer: HttpAnswer, stage: Stage, reader: Reader, window?: RateWindow): Classified {
  return classify(factsOf(answer, stage, reader, window), signaturesFor(reader.account.scopes));
}

/** A cause that we state ourselves in X's terms: a transcoding that failed, a grant that cannot be renewed. */
export function statedCause(
  facts: Pick<ErrorFacts, 'stage' | 'httpStatus' | 'code' | 'message'>,
  { account, grant }: Reader,
): Cause {
  const message = redact(facts.message, grant);
  return classify({ ...facts, platform: PLATFORM, message, raw: message }, signaturesFor(account.scopes)).cause;
}

/** The cause of a refusal. */
export function causeOf(answer: HttpAnswer, stage: Stage, reader: Reader): Cause {
  return classifyAnswer(answer, stage, reader).cause;
}

function unexplained({ status }: HttpAnswer): string {
  return status < 300
    ? `X answered ${status} with a body that cannot be read.`
    : `X answered ${status} without a reason.`;
}

/** The last segment of the problem's type, since X names two hosts before it; else the OAuth error. */
function codeOf(problem: Problem): string | undefined {
  const types = [problem.type, ...problem.errors.map((error) => error.type)];
  const tail = types.flatMap((type) => type?.match(/\/problems\/([\w-]+)\/?$/)?.[1] ?? [])[0];
  return tail ?? problem.error;
}

/** X's own sentences, the particular before the general; its title only when it says nothing else. */
function sentencesOf(problem: Problem): string[] {
  const particular = problem.errors.map((error) => error.message ?? error.detail);
  const old = problem.code === undefined ? undefined : problem.message;
  const said = [...particular, old, problem.detail, problem.error_description].flatMap((text) => (text ? [text] : []));
  const told = said.length > 0 ? said : [problem.title ?? problem.error ?? ''];
  return [...new Set(told)].filter((text) => text !== '');
}
