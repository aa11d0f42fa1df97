// The client's calls about runs of pipelines.

import type { z } from 'zod';
import { IDEMPOTENCY_HEADER } from '../domain/api/idempotency-key.ts';
import {
  type Accepted,
  type AcceptRequest,
  acceptedSchema,
  type RecheckAsked,
  recheckAskedSchema,
} from '../domain/pipeline/recheck-view.ts';
import type { RUN_MESSAGE_REQUESTS, RunMessageName } from '../domain/pipeline/run-messages.ts';
import { type RunRequestInput, runRequestSchema } from '../domain/pipeline/run-request.ts';
import {
  type RunAccepted,
  type RunDecided,
  type RunDecisionRequest,
  type RunMessageAccepted,
  type RunPage,
  type RunView,
  runAcceptedSchema,
  runDecidedSchema,
  runMessageAcceptedSchema,
  runPageSchema,
  runViewSchema,
} from '../domain/pipeline/run-view.ts';
import type { RunState } from '../domain/pipeline/states.ts';
import { fieldProblems } from '../domain/schedules/schedule-request.ts';
import { type Connection, call, download } from './call.ts';
import { invalidRequest } from './errors.ts';

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface RecheckOptions extends CallOptions {
  /** The same for every try of one call; made up where it is missing. */
  readonly idempotencyKey?: string;
}

export interface RunsWanted {
  readonly pipeline?: string;
  readonly state?: RunState;
  /** Only those whose post was found changed or gone since it was published. */
  readonly finding?: true;
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
}

export type RunMessageBody<Name extends RunMessageName> = z.input<(typeof RUN_MESSAGE_REQUESTS)[Name]>;

export interface RunCalls {
  /** Starts a run. With an id it may be sent again; without one it is sent once. */
  start(request: RunRequestInput, options?: CallOptions): Promise<RunAccepted>;
  list(wanted?: RunsWanted, options?: CallOptions): Promise<RunPage>;
  get(id: string, options?: CallOptions): Promise<RunView>;
  /** An operator's word to a run; what is refused throws OncepostRefused with its reason. */
  send<Name extends RunMessageName>(
    id: string,
    name: Name,
    body: RunMessageBody<Name>,
    options?: CallOptions,
  ): Promise<RunMessageAccepted>;
  /** Approves or rejects exactly the content that the run waits with. */
  decide(id: string, request: RunDecisionRequest, options?: CallOptions): Promise<RunDecided>;
  /**
   * Has the public page of a published run checked again, in the background; while that is under way, it is answered again. `get`
   * tells what it found.
   */
  recheck(id: string, options?: RecheckOptions): Promise<RecheckAsked>;
  /** Says that what a look found of its published post is meant so; `recheckId` as its `finding` names it. */
  accept(id: string, recheckId: string, request?: AcceptRequest, options?: CallOptions): Promise<Accepted>;
  /** The bytes of an artifact, the newest version or the one named. */
  artifact(id: string, name: string, version?: number): Promise<Uint8Array>;
}

export function runCalls(connection: Connection): RunCalls {
  const path = (id: string) => `/api/runs/${encodeURIComponent(id)}`;
  return {
    async start(request, { signal } = {}) {
      const parsed = runRequestSchema.safeParse(request);
      if (!parsed.success) throw invalidRequest(fieldProblems(parsed.error));
      const once = request.id === undefined ? { once: true as const } : {};
      return call(connection, {
        method: 'POST',
        path: '/api/runs',
        body: request,
        answer: runAcceptedSchema,
        signal,
        ...once,
      });
    },
    list: (wanted = {}, { signal } = {}) => {
      const query = new URLSearchParams(
        Object.entries(wanted).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return call(connection, { method: 'GET', path: `/api/runs?${query}`, answer: runPageSchema, signal });
    },
    get: (id, { signal } = {}) => call(connection, { method: 'GET', path: path(id), answer: runViewSchema, signal }),
    send: (id, name, body, { signal } = {}) =>
      call(connection, {
        method: 'POST',
        path: `${path(id)}/${name}`,
        body,
        headers: { [IDEMPOTENCY_HEADER]: globalThis.crypto.randomUUID() },
        answer: runMessageAcceptedSchema,
        signal,
      }),
    decide: (id, request, { signal } = {}) =>
      call(connection, {
        method: 'POST',
        path: `${path(id)}/decisions`,
        body: request,
        answer: runDecidedSchema,
        signal,
      }),
    recheck: (id, { signal, idempotencyKey = globalThis.crypto.randomUUID() } = {}) =>
      call(connection, {
        method: 'POST',
        path: `${path(id)}/recheck`,
        headers: { [IDEMPOTENCY_HEADER]: idempotencyKey },
        answer: recheckAskedSchema,
        signal,
      }),
    accept: (id, recheckId, request = {}, { signal } = {}) =>
      call(connection, {
        method: 'POST',
        path: `${path(id)}/rechecks/${encodeURIComponent(recheckId)}/accept`,
        body: request,
        answer: acceptedSchema,
        signal,
      }),
    async artifact(id, name, version) {
      const query = version === undefined ? '' : `?version=${version}`;
      const parts: Uint8Array[] = [];
      const body = await download(connection, `${path(id)}/artifacts/${encodeURIComponent(name)}${query}`);
      for await (const part of body) parts.push(part);
      return new Uint8Array(await new Blob(parts.map((part) => new Uint8Array(part))).arrayBuffer());
    },
  };
}
