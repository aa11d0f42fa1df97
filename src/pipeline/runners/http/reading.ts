// What came of the request of a stage, by the one question that matters: may it have taken effect?
import { z } from 'zod';
import type { StageSpec } from '../../../domain/pipeline/contract.ts';
import { type StageCause, type StageCauseCode, stageCause } from '../../../domain/pipeline/stage-causes.ts';
import { bodyText, type Exchange, type HttpAnswer, type NoAnswer, type NotSent } from '../../../transport/exchange.ts';
import { type Answer, BadAnswer, inlineBytes, namedIn, readAnswer, wantedFiles } from '../answer.ts';
import { type Concealer, concealer } from '../conceal.ts';
import { brokeOff, cutShort, isTimeOver } from '../endings.ts';
import { made } from '../keep.ts';
import type { MadeFile, StageEnd } from '../runner.ts';
import type { HttpStage, SecretHeaders } from './request.ts';
import { takesNoMore } from './retry-after.ts';

export interface Around {
  readonly headers: SecretHeaders;
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** Never throws for what the other side does. */
export function readExchange(exchange: Exchange, stage: HttpStage, around: Around): StageEnd {
  if (exchange.kind === 'not_sent') return { kind: 'failed', cause: notSent(exchange, stage.url, around.signal) };
  if (exchange.kind === 'no_answer') return cutShort(stage.effect, noAnswer(exchange, stage, around.signal));
  const conceal = concealerOf(around.headers);
  if (exchange.status >= 300) return readRefusal(exchange, stage, around.now, conceal);
  try {
    const answer = isEmpty(exchange, stage) ? {} : readAnswer(exchange.body);
    if (answer.refused === undefined) return made(filesOf(answer, stage), answer, conceal);
    const text = `${hostOf(stage.url)} refused: ${conceal.text(answer.refused)}`;
    return { kind: 'failed', cause: stageCause('refused', text, rawOf(exchange, conceal)) };
  } catch (error) {
    return brokeOff(stage.effect, unfit(error, exchange, stage.url, conceal));
  }
}

/** Every header that the environment fills is a secret, whatever its variable is called. */
export function concealerOf({ secrets }: SecretHeaders): Concealer {
  return concealer(secrets, () => true);
}

/** A stage that makes nothing needs no more than the status. */
function isEmpty({ body }: HttpAnswer, { artifacts }: StageSpec): boolean {
  return artifacts.length === 0 && body.byteLength === 0;
}

const base64Schema = z.strictObject({ base64: z.base64() });

/** @throws BadAnswer */
export function filesOf(answer: Answer, stage: StageSpec): MadeFile[] {
  const said = namedIn(answer, stage);
  return wantedFiles(answer, stage).map((artifact) => {
    const value = said(artifact.name);
    if (value === undefined)
      throw new BadAnswer('answer_misfit', `It did not make "${artifact.name}"; mend it, then retry.`);
    const encoded = base64Schema.safeParse(value).data?.base64;
    const bytes = encoded === undefined ? inlineBytes(artifact, value) : new Uint8Array(Buffer.from(encoded, 'base64'));
    return { name: artifact.name, bytes };
  });
}

export function unfit(error: unknown, answer: HttpAnswer, url: string, conceal: Concealer): StageCause {
  if (!(error instanceof BadAnswer)) throw error;
  const text = `${hostOf(url)} answered ${answer.status}, but: ${conceal.text(error.message)}`;
  return stageCause(error.code, text, rawOf(answer, conceal));
}

function readRefusal(answer: HttpAnswer, stage: HttpStage, now: Date, conceal: Concealer): StageEnd {
  const { status } = answer;
  const host = hostOf(stage.url);
  const cause = (code: StageCauseCode, text: string) => stageCause(code, text, rawOf(answer, conceal));
  if (status === 429) return takesNoMore(host, answer, now);
  if (status < 400) {
    const text = `${host} answered with a redirect (${status}), which is not followed; put the address it leads to into url.`;
    return brokeOff(stage.effect, cause('refused', text));
  }
  if (status === 408)
    return cutShort(stage.effect, cause('timed_out', `${host} gave up waiting for the request (408).`));
  if (status >= 500) return cutShort(stage.effect, cause('program_failed', `${host} failed at it (${status}).`));
  const text = `${host} refused it (${status}), so nothing was done; mend what it names, then retry.`;
  return { kind: 'failed', cause: cause('refused', text) };
}

export function notSent({ reason, detail }: NotSent, url: string, signal: AbortSignal): StageCause {
  const host = hostOf(url);
  if (reason === 'deadline_passed' || signal.aborted) {
    return stageCause('stopped', `The attempt was ended before anything was sent to ${host}.`);
  }
  if (detail === 'PrivateAddress') {
    const text = `${host} is at an address of a private network, so nothing was sent; allow it by private_address, then retry.`;
    return stageCause('not_set_up', text);
  }
  return stageCause(
    'unreachable',
    `${host} could not be reached (${detail}), so nothing was sent; retry once it is up.`,
  );
}

export function noAnswer({ reason, detail }: NoAnswer, { url, timeoutMs }: Asked, signal: AbortSignal): StageCause {
  const host = hostOf(url);
  if (signal.aborted && !isTimeOver(signal)) {
    return stageCause('stopped', `The attempt was ended while the answer of ${host} was awaited.`);
  }
  if (reason === 'timeout' || signal.aborted) {
    return stageCause('timed_out', `${host} did not answer within ${timeoutMs / 1000} s.`);
  }
  if (reason === 'oversized')
    return stageCause('output_too_large', `${host} answered more than may be read (${detail}).`);
  return stageCause('answer_unreadable', `The connection to ${host} broke before its answer was there (${detail}).`);
}

interface Asked {
  readonly url: string;
  readonly timeoutMs: number;
}

/** Of an address only its host is told: the rest of it may hold a secret. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'The address of the stage';
}

const SHOWN_CHARS = 4_000;

export function rawOf(answer: HttpAnswer, conceal: Concealer): string {
  return conceal.text(`HTTP ${answer.status} ${bodyText(answer)}`).slice(0, SHOWN_CHARS);
}
