// The request of a stage: what it is told, and the secrets it is signed with.
import type { StageOf } from '../../../domain/pipeline/contract.ts';
import { type StageCause, stageCause } from '../../../domain/pipeline/stage-causes.ts';
import type { HttpRequest } from '../../../transport/exchange.ts';
import type { CreateRequest, Transport } from '../../../transport/send.ts';
import type { Secret } from '../conceal.ts';
import type { StageWork } from '../runner.ts';
import { toldWhole } from '../told.ts';

export type HttpStage = StageOf<'http'>;

export function httpStage({ stage }: StageWork): HttpStage {
  if (stage.runner !== 'http') throw new TypeError(`the stage ${stage.id} is none of runner http`);
  return stage;
}

/** The values and what they are sent as, by header name in lower case. */
export interface SecretHeaders {
  readonly secrets: readonly Secret[];
  readonly headers: Readonly<Record<string, string>>;
}

/** What may stand in a header (RFC 9110, 5.5), without what other bytes would become on the way. */
const HEADER_VALUE = /^[\t\x20-\x7e]+$/;

/** The cause: one of them cannot be had, so nothing may be sent. */
export function secretHeaders(
  stage: HttpStage,
  env: Readonly<Record<string, string | undefined>>,
): SecretHeaders | { readonly cause: StageCause } {
  const secrets: Secret[] = [];
  const headers: Record<string, string> = {};
  for (const [header, name] of Object.entries(stage.secretHeaders)) {
    const value = env[name]?.trim() ?? '';
    if (!HEADER_VALUE.test(value)) return { cause: missing(header, name, value) };
    secrets.push({ name, value });
    headers[header.toLowerCase()] = value;
  }
  return { secrets, headers };
}

function missing(header: string, name: string, value: string): StageCause {
  const what = value === '' ? 'is not set' : 'holds what no header may hold';
  const sentence = `The variable ${name}, which the header ${header} needs, ${what} where the worker runs, so nothing was sent.`;
  return stageCause('not_set_up', `${sentence} Set it, start the worker again, then retry.`);
}

interface Transports {
  readonly publicOnly: Transport;
  readonly anywhere: Transport;
}

export function transportOf({ privateAddress }: HttpStage, { publicOnly, anywhere }: Transports): Transport {
  return privateAddress ? anywhere : publicOnly;
}

export async function postRequest(
  work: StageWork,
  stage: HttpStage,
  { headers }: SecretHeaders,
): Promise<CreateRequest> {
  const told = await toldWhole(work);
  return {
    method: 'POST',
    url: stage.url,
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json',
      'idempotency-key': work.key,
    },
    body: JSON.stringify(told),
  };
}

/** The question whether the effect of this key is there. */
export function lookupRequest({ key }: StageWork, lookupUrl: string, { headers }: SecretHeaders): HttpRequest {
  const url = new URL(lookupUrl);
  url.searchParams.set('key', key);
  return {
    method: 'GET',
    url: url.href,
    headers: { ...headers, accept: 'application/json', 'cache-control': 'no-cache' },
  };
}
