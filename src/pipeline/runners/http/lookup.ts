// Asks whether an effect that happens once took place: GET lookup_url?key=... with the same secret headers.
//
// It answers 200 as `lookup.ts` says, or 404 with {"found": false}. A bare 404 is no answer: it may come from a wrong address.
import { stageCause } from '../../../domain/pipeline/stage-causes.ts';
import type { Exchange, HttpAnswer } from '../../../transport/exchange.ts';
import { BadAnswer, readJson } from '../answer.ts';
import type { Concealer } from '../conceal.ts';
import { whileBeating } from '../heartbeat.ts';
import { made } from '../keep.ts';
import { LONGEST_LOOK_MS, type Look, type Lookup, readFound, unreadable } from '../lookup.ts';
import type { HttpDeps } from './http.ts';
import { concealerOf, filesOf, hostOf, noAnswer, notSent, rawOf, unfit } from './reading.ts';
import { type HttpStage, httpStage, lookupRequest, secretHeaders, transportOf } from './request.ts';

/** Asks the lookup address of a stage whose runner is `http`. */
export function httpLookup(deps: HttpDeps): Look {
  return async (work, control) => {
    const stage = httpStage(work);
    const url = stage.lookupUrl;
    if (url === null) return unreadable(stageCause('not_set_up', `The stage ${stage.id} names no lookup_url to ask.`));
    const headers = secretHeaders(stage, deps.env);
    if ('cause' in headers) return unreadable(headers.cause);
    const timeoutMs = Math.min(stage.timeoutMs, LONGEST_LOOK_MS);
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
    return readAnswer(exchange, stage, conceal);
  } catch (error) {
    return unreadable(unfit(error, exchange, asked.url, conceal));
  }
}

function readAnswer(answer: HttpAnswer, stage: HttpStage, conceal: Concealer): Lookup {
  const found = readFound(readJson(answer.body));
  if (!found) return { kind: 'absent' };
  if (answer.status !== 200) throw new BadAnswer('answer_unreadable', 'It says that it took effect, but not with 200.');
  const { files, evidence } = made(filesOf(found, stage), found, conceal);
  return { kind: 'found', files, ...(evidence === undefined ? {} : { evidence }) };
}
