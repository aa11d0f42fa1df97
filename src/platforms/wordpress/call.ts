// How a site is called: repeatable calls read through a schema, lists with their own word on how long they are, and things
// that must not be made twice.
import { z } from 'zod';
import type { RateWindow, Stage } from '../../domain/causes/causes.ts';
import { bodyJson, type HttpAnswer, type HttpRequest } from '../../transport/exchange.ts';
import { repeatable } from '../repeatable.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { classifyAnswer, errorOf, isDefinitive, isWorded } from './errors.ts';
import { routeUrl, type Site, signIn } from './site.ts';

/** A call of the preparation or of a look. */
export interface Question<Answer> {
  readonly stage: Stage;
  /** The kind of call, where the stage alone would tell another. */
  readonly window?: RateWindow;
  readonly method?: HttpRequest['method'];
  readonly route: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: object;
  readonly schema: z.ZodType<Answer>;
}

/** @throws StepRefused on WordPress's own refusal; StepUnanswered when no answer, or none that can be read, came */
export async function ask<Answer>(session: AccountSession, site: Site, question: Question<Answer>): Promise<Answer> {
  return read(question, await send(session, site, question));
}

/**
 * As `ask`, but a refusal under one of these codes is an answer too: what stands in its error is handed to `known`.
 * @throws as `ask`
 */
export async function askUnless<Answer, Known>(
  session: AccountSession,
  site: Site,
  question: Question<Answer>,
  known: { readonly codes: readonly string[]; read(error: NonNullable<ReturnType<typeof errorOf>>): Known },
): Promise<Answer | Known> {
  let told: ReturnType<typeof errorOf>;
  const met = (answer: HttpAnswer) => {
    told = errorOf(answer);
  };
  try {
    return read(question, await send(session, site, question, met));
  } catch (error) {
    if (error instanceof StepRefused && told && known.codes.includes(told.code)) return known.read(told);
    throw error;
  }
}

/** A list as far as it was shown, and how many entries WordPress counts: some may be hidden from this account. */
export interface Listed<Entry> {
  readonly entries: readonly Entry[];
  readonly hidden: number;
}

const PER_PAGE = 100;
const MOST_PAGES = 20;

/** Every page of a list. @throws as `ask`; StepUnanswered also when it does not say how long it is, or is endless */
export async function askList<Entry>(
  session: AccountSession,
  site: Site,
  { schema, query = {}, ...question }: Question<Entry>,
): Promise<Listed<Entry>> {
  const entries: Entry[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const paged = { ...query, per_page: String(PER_PAGE), page: String(page), orderby: 'id', order: 'asc' };
    const asked = { ...question, query: paged, schema: z.array(schema) };
    const answer = await send(session, site, asked);
    entries.push(...read(asked, answer));
    const total = countIn(answer, 'x-wp-total');
    const pages = countIn(answer, 'x-wp-totalpages');
    if (total === null || pages === null || total < entries.length) {
      throw new StepUnanswered(question.stage, 'WordPress sent a list that does not say how long it is');
    }
    if (page >= pages) return { entries, hidden: total - entries.length };
  }
  throw new StepUnanswered(question.stage, 'WordPress sent a list without an end');
}

function countIn({ headers }: HttpAnswer, name: string): number | null {
  const value = headers[name] ?? '';
  return /^\d{1,9}$/.test(value) ? Number(value) : null;
}

const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** Something that WordPress would make twice if it were asked twice. */
export interface Making<Made> {
  readonly stage: Stage;
  /** Built only when it is needed: media are read for it. */
  request(): Promise<HttpRequest>;
  readonly schema: z.ZodType<Made>;
  /** Looks for it; null: it is not there. */
  find(): Promise<Made | null>;
  /** It was looked for a moment ago, in vain. */
  readonly looked?: true;
}

/**
 * Makes it, once as far as can be told: before each try it is looked for, so that a lost answer makes no second one.
 * @throws StepRefused | StepUnanswered
 */
export async function makeOnce<Made>(session: AccountSession, making: Making<Made>): Promise<Made> {
  let last = '';
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await session.wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    const found = tried === 0 && making.looked ? null : await making.find();
    if (found !== null) return found;
    const made = await makeNow(session, making);
    if ('made' in made) return made.made;
    last = made.failed;
  }
  const found = await making.find();
  if (found !== null) return found;
  throw new StepUnanswered(making.stage, last);
}

/** One try. @throws StepRefused when WordPress says for good that nothing was made */
async function makeNow<Made>(
  session: AccountSession,
  { stage, request, schema }: Making<Made>,
): Promise<{ readonly made: Made } | { readonly failed: string }> {
  const exchange = await session.call(await request());
  if (exchange.kind !== 'answer') return { failed: `no usable answer came (${exchange.detail})` };
  if (isFinal(exchange)) throw new StepRefused(classifyAnswer(exchange, stage, session).cause);
  if (exchange.status >= 300) return { failed: `the site answered ${exchange.status}` };
  const parsed = schema.safeParse(bodyJson(exchange));
  return parsed.success ? { made: parsed.data } : { failed: unreadable(exchange) };
}

/** Whether it says for good that nothing was made. */
function isFinal(answer: HttpAnswer): boolean {
  if (isDefinitive(answer)) return true;
  return answer.status >= 300 && answer.status < 500 && answer.status !== 408 && isWorded(answer);
}

function send<Answer>(
  session: AccountSession,
  site: Site,
  { stage, window, method = 'GET', route, query, json }: Question<Answer>,
  met: (answer: HttpAnswer) => void = () => {},
): Promise<HttpAnswer> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const headers = { ...signIn(session), ...(json && { 'content-type': 'application/json' }) };
  const request: HttpRequest = { method, url: routeUrl(site.root, route, query), headers, ...body };
  const refusal = (answer: HttpAnswer) => {
    met(answer);
    return classifyAnswer(answer, stage, session, window);
  };
  return repeatable(session, request, { stage, refusal, worded: isWorded });
}

function read<Answer>({ stage, schema }: Question<Answer>, answer: HttpAnswer): Answer {
  const parsed = schema.safeParse(bodyJson(answer));
  if (parsed.success) return parsed.data;
  throw new StepUnanswered(stage, unreadable(answer));
}

const unreadable = ({ status }: HttpAnswer) =>
  `the site answered ${status} with a body that cannot be read; a plugin or the host may have changed it`;
