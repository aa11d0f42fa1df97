// Stages that a server of the user's does, by one request.
//
// It is sent POST with one JSON object: {run: {id, pipeline, slug, zone, title}, stage: {id, attempt, key}, inputs: [{name, mediaType,
// sha256, text}], outputs: [{name, mediaType}]}. An input that is no text in UTF-8 has `base64` in place of `text`. The header
// `Idempotency-Key` is `stage.key`: the same for every attempt on the same inputs.
//
// It answers 2xx with one JSON object in UTF-8, of up to 10 MiB: {"artifacts": {NAME: VALUE, ...}, "evidence": ANY}. VALUE is the
// text itself, or {"base64": "..."}, or for JSON the object or list; every one of `outputs` must be there. A stage that makes
// nothing may be answered without a body. {"refused": "why"} says that nothing was done, and so does a 4xx; 429 is asked again after
// its `Retry-After`. No redirect is followed.
//
// Everything else leaves open whether it took effect (DESIGN section 3): a timeout, a broken connection, a 5xx, 408, a redirect, an
// answer that cannot be read.
import type { Transport } from '../../../transport/send.ts';
import { whileBeating } from '../heartbeat.ts';
import type { Run } from '../runner.ts';
import { readExchange } from './reading.ts';
import { httpStage, postRequest, secretHeaders, transportOf } from './request.ts';

export interface HttpDeps {
  /** Reaches public addresses only. */
  readonly publicOnly: Transport;
  /** Reaches every address. */
  readonly anywhere: Transport;
  /** The worker's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

/** Asks the address of a stage whose runner is `http`. */
export function httpRunner(deps: HttpDeps): Run {
  return async (work, control) => {
    const stage = httpStage(work);
    const headers = secretHeaders(stage, deps.env);
    if ('cause' in headers) return { kind: 'failed', cause: headers.cause };
    const request = await postRequest(work, stage, headers);
    const { signal } = control;
    // Gated, so that what did not leave is known not to have left, whatever breaks.
    const gate = { mayLeave: () => control.mayLeave(), left: async () => {} };
    const limits = { timeoutMs: stage.timeoutMs, signal };
    const exchange = await whileBeating(control, () => transportOf(stage, deps).sendCreate(request, limits, gate));
    return readExchange(exchange, stage, { headers, signal, now: deps.now() });
  };
}
