// Asks whether an effect that happens once took place: GET lookup_url?key=... with the same secret headers.
//
// It answers 200 with {"found": true, "artifacts": {...}, "evidence": ANY}, the artifacts as the first answer would have held them, or
// 200 or 404 with {"found": false}. A bare 404 is no answer: it may come from a wrong address, and nothing is called absent by that.
import { z } from 'zod';
import { type StageCause, stageCause } from '../../../domain/pipeline/stage-causes.ts';
import type { Json } from '../../../platforms/contract.ts';
import type { Exchange, HttpAnswer } from '../../../transport/exchange.ts';
import { BadAnswer, readJson } from '../answer.ts';
import type { Concealer } from '../conceal.ts';
import { whileBeating } from '../heartbeat.ts';
import { made } from '../keep.ts';
import type { MadeFile, StageControl, StageWork } from '../runner.ts';
import type { HttpDeps } from './http.ts';
import { concealerOf, filesOf, hostOf, noAnswer, notSent, rawOf, unfit } from './reading.ts';
import { type HttpStage, httpStage, lookupRequest, secretHeaders, transportOf } from './request.ts';

/**
 * What the other side says of an effect.
 * - `found`: it took place, and made these
 * - `absent`: it did not, as seen now; law 4 says how often and how late that must be seen
 * - `unreadable`: it could not be told
 */
export type Lookup =
  | { readonly kind: 'found'; readonly files: readonly MadeFile[]; readonly evidence?: Json | undefined }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly cause: StageCause };

const LONGEST_MS = 60_000;

const lookupSchema = z.discriminatedUnion('found', [
  z.strictObject({
    found: z.literal(true),
    artifacts: z.record(z.string(), z.json()).optional(),
    evidence: z.json().optional(),
  }),
  z.strictObject({ found: z.literal(false) }),
]);

/** Looks whether the effect of a stage's key is there. Never throws for what the other side does. */
export function httpLookup(deps: HttpDeps): (work: StageWork, control: StageControl) => Promise<Lookup> {
  return async (work, control) => {
    const stage = httpStage(work);
    const url = stage.lookupUrl;
    if (url === null) return unreadable(stageCause('not_set_up', `The stage ${stage.id} names no lookup_url to ask.`));
    const headers = secretHeaders(stage, deps.env);
    if ('cause' in headers) return unreadable(headers.cause);
    const timeoutMs = Math.min(stage.timeoutMs, LONGEST_MS);
    const { signal } = control;
    const request = lookupRequest(work, url, headers);
    const exchange = await whileBeating(control, () => transportOf(stage, deps).send(request, { timeoutMs, signal }));
    return read(exchange, stage, { url, timeoutMs }, signal, concealerOf(headers));
  };
}

type Asked = Parameters<typeof noAnswer>[1];

function read(exchange: Exchange, stage: HttpStage, asked: Asked, signal: AbortSignal, conceal: Concealer): Lookup {
  if (exchange.kind === 'not_sent') return unreadable(notSent(exchange, asked.url, signal));
  if (exchange.kind === 'no_answer') return unreadable(noAnswer(exchange, asked, signal));
  if (exchange.status !== 200 && exchange.status !== 404) {
    const text = `${hostOf(asked.url)} could not say whether it took effect (${exchange.status}).`;
    return unreadable(stageCause('answer_unreadable', text, rawOf(exchange, conceal)));
  }
  try {
    return readFound(exchange, stage, conceal);
  } catch (error) {
    return unreadable(unfit(error, exchange, asked.url, conceal));
  }
}

function readFound(answer: HttpAnswer, stage: HttpStage, conceal: Concealer): Lookup {
  const { data } = lookupSchema.safeParse(readJson(answer.body));
  if (data === undefined || (data.found && answer.status !== 200)) {
    const allowed = 'allowed: {"found": true, "artifacts": ...} with 200, or {"found": false}.';
    throw new BadAnswer('answer_unreadable', `Its answer does not say whether it took effect; ${allowed}`);
  }
  if (!data.found) return { kind: 'absent' };
  const { files, evidence } = made(filesOf(data, stage), data, conceal);
  return { kind: 'found', files, ...(evidence === undefined ? {} : { evidence }) };
}

function unreadable(cause: StageCause): Lookup {
  return { kind: 'unreadable', cause };
}
