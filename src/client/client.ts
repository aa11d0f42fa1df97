// The TypeScript client of the HTTP API: `import { createOncepostClient } from 'oncepost/client'`.
import { z } from 'zod';
import { IDEMPOTENCY_HEADER, idempotencyKeySchema } from '../domain/api/idempotency-key.ts';
import type {
  Connection as ConnectedAccount,
  ConnectionStory as ConnectedAccountStory,
} from '../domain/connections/connection.ts';
import type { Connected, ConnectRequest } from '../domain/connections/secrets-request.ts';
import { type HandoffPack, handoffPackSchema } from '../domain/handoff/pack.ts';
import type { HandoffReason } from '../domain/handoff/reasons.ts';
import {
  type ReplayAccepted,
  type ReplayRequest,
  replayAcceptedSchema,
  replayRequestSchema,
} from '../domain/messages/replay-request.ts';
import {
  type DeliveryState,
  type Notifications,
  notificationsSchema,
  queuedSchema,
} from '../domain/notifications/delivery.ts';
import { type MorningReport, reportSchema } from '../domain/notifications/report.ts';
import {
  type ApiKeys,
  apiKeysSchema,
  type Invitations,
  invitationsSchema,
  type People,
  peopleSchema,
} from '../domain/people/people-view.ts';
import type { ProofExport, ProofExportRequestInput, ProofExports } from '../domain/proof/export-request.ts';
import { type Item, type ItemPage, itemPageSchema } from '../domain/schedules/item.ts';
import { type MediaReview, mediaReviewSchema } from '../domain/schedules/media-review.ts';
import {
  fieldProblems,
  type ScheduleRequestInput,
  scheduleIdSchema,
  scheduleRequestSchema,
} from '../domain/schedules/schedule-request.ts';
import {
  type ScheduleAccepted,
  type ScheduleView,
  scheduleAcceptedSchema,
  scheduleViewSchema,
} from '../domain/schedules/schedule-view.ts';
import { isRunning } from '../domain/schedules/states.ts';
import { type StoredMediaView as StoredMedia, storedMediaSchema } from '../domain/schedules/stored-media-view.ts';
import { type AccountCalls, accountCalls } from './accounts.ts';
import { type AppCalls, appCalls } from './apps.ts';
import { type Connection, call, type Fetch, pause } from './call.ts';
import { invalidRequest, invalidSchedule, notFound } from './errors.ts';
import { type OperationsCalls, operationsCalls } from './operations.ts';
import { type ProofCalls, type ProofWaitOptions, proofCalls } from './proof.ts';
import { type RecoveryCalls, recoveryCalls, type SchedulesWanted } from './recovery-calls.ts';
import { type RunCalls, runCalls } from './runs.ts';
import { type SteeringCalls, steeringCalls } from './steering.ts';

export type { Batch, BatchPage, BatchSummary } from '../domain/batches/batch.ts';
// biome-ignore lint/performance/noBarrelFile: this module is the package's public door, and its errors belong to it.
export { OncepostRefused, OncepostUnreachable } from './errors.ts';
export type { ActivityWanted, BatchesWanted, RecoveryCalls, SchedulesWanted } from './recovery-calls.ts';
export type {
  ApiKeys,
  Connected,
  ConnectedAccount,
  ConnectedAccountStory,
  ConnectRequest,
  HandoffPack,
  Invitations,
  Item,
  ItemPage,
  MediaReview,
  MorningReport,
  Notifications,
  People,
  ProofExport,
  ProofExportRequestInput,
  ProofExports,
  ReplayAccepted,
  ReplayRequest,
  ScheduleAccepted,
  ScheduleRequestInput,
  ScheduleView,
  StoredMedia,
};

export interface OncepostClientOptions {
  /** The server's address, for example `http://127.0.0.1:7800`. */
  readonly url: string;
  readonly apiKey: string;
  /** Instead of the global `fetch`. */
  readonly fetch?: Fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface KeyedOptions extends CallOptions {
  /** The same for every try of one call; made up for one call when absent. */
  readonly idempotencyKey?: string;
}

export interface WaitOptions extends CallOptions {
  /** Called with the item when it is first seen and after every change. */
  readonly onChange?: (item: Item) => void;
}

export interface HandoffRequest {
  readonly reason?: HandoffReason;
  /** Who publishes it; left out, whoever takes it. */
  readonly owner?: string;
  readonly note?: string;
}

export interface HandoffDone {
  /** Where it is live. */
  readonly url?: string;
  readonly note?: string;
  /** Since when, as ISO 8601 with an offset; now where it is left out. */
  readonly publishedAt?: string;
}

export interface ItemsWanted extends SchedulesWanted {
  readonly needsPerson?: boolean;
  /** Also what has ended and what simply waits for its time. */
  readonly all?: boolean;
}

export interface NotificationsWanted {
  /** `dead`: the dead letters. */
  readonly state?: DeliveryState;
  /** 1 to 200. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Every call throws OncepostRefused or OncepostUnreachable; reads and keyed calls are tried again by themselves. */
export interface OncepostClient extends RecoveryCalls, SteeringCalls, OperationsCalls, AccountCalls, AppCalls {
  /** Hands a post over. Checked before it is sent, with the same problems the server would name. */
  schedule(request: ScheduleRequestInput, options?: KeyedOptions): Promise<ScheduleAccepted>;
  /** Hands a post over and waits until it has ended or a person is needed. */
  publish(request: ScheduleRequestInput, options?: KeyedOptions & WaitOptions): Promise<ScheduleView>;
  /** One schedule with its attempts and audit trail. */
  get(id: string, options?: CallOptions): Promise<ScheduleView>;
  /** One page of the recovery surface. */
  items(wanted?: ItemsWanted, options?: CallOptions): Promise<ItemPage>;
  /** Asks that a failed publish run again; a blocked replay is refused with its `reason`. */
  replay(request: ReplayRequest, options?: KeyedOptions): Promise<ReplayAccepted>;
  /** Who belongs to the workspace; for keys with the scope `admin`, as the next two. */
  people(options?: CallOptions): Promise<People>;
  /** The invitations that were neither taken nor revoked. */
  invitations(options?: CallOptions): Promise<Invitations>;
  /** The API keys that were not revoked, without their secrets. */
  keys(options?: CallOptions): Promise<ApiKeys>;
  /** What went live, what broke and who owns it, and what is waiting. */
  report(wanted?: { readonly since?: string }, options?: CallOptions): Promise<MorningReport>;
  /** The channels of the workspace, and one page of the messages to them. */
  notifications(wanted?: NotificationsWanted, options?: CallOptions): Promise<Notifications>;
  /** Sends a message again, under the id it had. */
  redeliverNotification(id: string, options?: CallOptions): Promise<{ id: string }>;
  /** Tries a channel; a call that is sent again after a lost answer may bring a second test. */
  testChannel(channel: string, options?: CallOptions): Promise<{ id: string }>;
  /** What a person needs to publish a post by hand. */
  handoff(id: string, options?: CallOptions): Promise<HandoffPack>;
  /** Gives a post to a person; refused while a call for it may have left. */
  handOff(id: string, request?: HandoffRequest, options?: CallOptions): Promise<HandoffPack>;
  /** Records that a post was published by hand. The first record stands. */
  completeHandoff(id: string, done?: HandoffDone, options?: KeyedOptions): Promise<HandoffPack>;
  /** Stores a picture or a video; a post names it by `url`. The same file twice is stored once. */
  uploadMedia(file: Blob, options?: CallOptions): Promise<StoredMedia>;
  /** A post's media as they are now, beside what the destination takes. */
  mediaReview(id: string, options?: CallOptions): Promise<MediaReview>;
  /** Waits until the schedule has ended or a person is needed, and answers it. An aborted signal ends the wait with its reason. */
  waitForEnd(id: string, options?: WaitOptions): Promise<ScheduleView>;
  /** Runs of pipelines. */
  readonly runs: RunCalls;
  /** Bundles of proof. */
  readonly proof: ProofClient;
}

export interface ProofClient extends Omit<ProofCalls, 'ask'> {
  /** Asks for a bundle; it is made in the background. */
  ask(request: ProofExportRequestInput, options?: Pick<KeyedOptions, 'idempotencyKey'>): Promise<ProofExport>;
  /** Asks for a bundle and waits until it is done or has failed. */
  export(request: ProofExportRequestInput, options?: ProofWaitOptions): Promise<ProofExport>;
}

/** Of a message to a publish no more is needed. */
const messageAcceptedSchema = z.object({ accepted: z.literal(true) });

const FIRST_LOOK_MS = 100;
const SLOWEST_LOOK_MS = 2_000;

/** Makes a client. It keeps no connection of its own and needs no closing. */
export function createOncepostClient({ url, apiKey, fetch = globalThis.fetch }: OncepostClientOptions): OncepostClient {
  const connection: Connection = { url: url.replace(/\/+$/, ''), apiKey, fetch };
  const client: OncepostClient = {
    ...recoveryCalls(connection),
    ...steeringCalls(connection),
    ...operationsCalls(connection),
    runs: runCalls(connection),
    ...accountCalls(connection),
    ...appCalls(connection),
    schedule: async (request, options = {}) => schedule(connection, request, options),
    async publish(request, options = {}) {
      const { id } = await client.schedule(request, options);
      return client.waitForEnd(id, options);
    },
    get: async (id, options = {}) => get(connection, id, options),
    items: (wanted = {}, options = {}) =>
      call(connection, {
        method: 'GET',
        path: `/api/items?${queryOf(wanted)}`,
        answer: itemPageSchema,
        signal: options.signal,
      }),
    replay: async (request, options = {}) => replay(connection, request, options),
    people: (options = {}) =>
      call(connection, { method: 'GET', path: '/api/people', answer: peopleSchema, signal: options.signal }),
    invitations: (options = {}) =>
      call(connection, { method: 'GET', path: '/api/invitations', answer: invitationsSchema, signal: options.signal }),
    keys: (options = {}) =>
      call(connection, { method: 'GET', path: '/api/keys', answer: apiKeysSchema, signal: options.signal }),
    report: (wanted = {}, { signal } = {}) =>
      call(connection, { method: 'GET', path: `/api/report?${queryOf(wanted)}`, answer: reportSchema, signal }),
    notifications: (wanted = {}, { signal } = {}) =>
      call(connection, {
        method: 'GET',
        path: `/api/notifications?${queryOf(wanted)}`,
        answer: notificationsSchema,
        signal,
      }),
    redeliverNotification: (id, { signal } = {}) => {
      const path = `/api/notifications/${encodeURIComponent(id)}/redeliver`;
      return call(connection, { method: 'POST', path, answer: queuedSchema, signal });
    },
    testChannel: (channel, { signal } = {}) =>
      call(connection, {
        method: 'POST',
        path: '/api/notifications/test',
        body: { channel },
        answer: queuedSchema,
        signal,
      }),
    ...handoffCalls(connection),
    uploadMedia: (file, { signal } = {}) =>
      call(connection, { method: 'POST', path: '/api/media', file, answer: storedMediaSchema, signal }),
    mediaReview: async (id, options = {}) =>
      call(connection, {
        method: 'GET',
        path: `/api/schedules/${idOf(id)}/media`,
        answer: mediaReviewSchema,
        ...options,
      }),
    waitForEnd: (id, options = {}) => waitForEnd(client, id, options),
    proof: proofClient(proofCalls(connection)),
  };
  return client;
}

function proofClient(calls: ProofCalls): ProofClient {
  return {
    ...calls,
    ask: async (request, options = {}) => calls.ask(request, keyHeader(options)),
    async export(request, options = {}) {
      const { id } = await calls.ask(request, keyHeader({}));
      return calls.waitForEnd(id, options);
    },
  };
}

async function schedule(
  connection: Connection,
  request: ScheduleRequestInput,
  options: KeyedOptions,
): Promise<ScheduleAccepted> {
  const parsed = scheduleRequestSchema.safeParse(request);
  if (!parsed.success) throw invalidSchedule(fieldProblems(parsed.error));
  return call(connection, {
    method: 'POST',
    path: '/api/schedules',
    body: parsed.data,
    headers: keyHeader(options),
    answer: scheduleAcceptedSchema,
    signal: options.signal,
  });
}

type HandoffCalls = Pick<OncepostClient, 'handoff' | 'handOff' | 'completeHandoff'>;

function handoffCalls(connection: Connection): HandoffCalls {
  const pack: HandoffCalls['handoff'] = async (id, { signal } = {}) =>
    call(connection, { method: 'GET', path: `/api/handoffs/${idOf(id)}`, answer: handoffPackSchema, signal });
  return {
    handoff: pack,
    async handOff(id, request = {}, options = {}) {
      const path = `/api/schedules/${idOf(id)}/handoff`;
      await call(connection, { method: 'POST', path, body: request, answer: messageAcceptedSchema, ...options });
      return pack(id, options);
    },
    completeHandoff: async (id, done = {}, options = {}) =>
      call(connection, {
        method: 'POST',
        path: `/api/handoffs/${idOf(id)}/completion`,
        body: done,
        headers: keyHeader(options),
        answer: handoffPackSchema,
        signal: options.signal,
      }),
  };
}

/** What cannot be an id names nothing; as part of an address it might name something else. */
function idOf(id: string): string {
  if (scheduleIdSchema.safeParse(id).success) return id;
  throw notFound();
}

async function get(connection: Connection, id: string, options: CallOptions): Promise<ScheduleView> {
  return call(connection, {
    method: 'GET',
    path: `/api/schedules/${idOf(id)}`,
    answer: scheduleViewSchema,
    signal: options.signal,
  });
}

async function replay(connection: Connection, request: ReplayRequest, options: KeyedOptions): Promise<ReplayAccepted> {
  const parsed = replayRequestSchema.safeParse(request);
  if (!parsed.success) throw invalidRequest(fieldProblems(parsed.error));
  return call(connection, {
    method: 'POST',
    path: '/api/jobs/replay',
    body: parsed.data,
    headers: keyHeader(options),
    answer: replayAcceptedSchema,
    signal: options.signal,
  });
}

async function waitForEnd(
  client: OncepostClient,
  id: string,
  { signal, onChange }: WaitOptions,
): Promise<ScheduleView> {
  const options = signal ? { signal } : {};
  let seen = '';
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS)) {
    signal?.throwIfAborted();
    const view = await client.get(id, options);
    const now = JSON.stringify(view.item);
    if (now !== seen) {
      onChange?.(view.item);
      pauseMs = FIRST_LOOK_MS;
    }
    seen = now;
    if (!isRunning(view.item.state)) return view;
    await pause(pauseMs, signal);
  }
}

/** With a key of its own a call may be sent again after a lost answer: the server carries it out once. */
function keyHeader({ idempotencyKey = crypto.randomUUID() }: KeyedOptions): Record<string, string> {
  const parsed = idempotencyKeySchema.safeParse(idempotencyKey);
  if (parsed.success) return { [IDEMPOTENCY_HEADER]: parsed.data };
  throw invalidRequest(fieldProblems(parsed.error, [IDEMPOTENCY_HEADER]));
}

function queryOf(wanted: ItemsWanted | NotificationsWanted | { readonly since?: string }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined) query.append(name, String(value));
  }
  return query.toString();
}
