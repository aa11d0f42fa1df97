// What the client can ask of the recovery surface: lists, incidents, batches, claims, and an operator's words to one publish.
import { API_PROBLEMS } from '../domain/api/api-problems.ts';
import { type ActivityPage, activityPageSchema } from '../domain/audit/activity.ts';
import {
  type Batch,
  type BatchAccepted,
  type BatchPage,
  type BatchRequestInput,
  type BatchState,
  batchAcceptedSchema,
  batchPageSchema,
  batchRequestSchema,
  batchSchema,
} from '../domain/batches/batch.ts';
import type { CauseCode } from '../domain/causes/causes.ts';
import { type Incident, incidentsSchema } from '../domain/incidents/incident.ts';
import {
  MESSAGE_REQUESTS,
  type MessageAccepted,
  type MessageRequests,
  messageAcceptedSchema,
} from '../domain/messages/message-requests.ts';
import { type Claimed, type ClaimWish, claimedSchema } from '../domain/people/claim.ts';
import { type ItemPage, itemPageSchema } from '../domain/schedules/item.ts';
import { type NearbyView, nearbyViewSchema } from '../domain/schedules/nearby.ts';
import { fieldProblems, scheduleIdSchema } from '../domain/schedules/schedule-request.ts';
import type { ScheduleState } from '../domain/schedules/states.ts';
import type { ItemOrder } from '../domain/schedules/surface.ts';
import { type Connection, call } from './call.ts';
import { invalidRequest, OncepostRefused } from './errors.ts';

export interface Signaled {
  readonly signal?: AbortSignal;
}

/** What is looked for; each may be left out. */
export interface SchedulesWanted {
  readonly state?: ScheduleState;
  readonly platform?: string;
  /** Its id or its name. */
  readonly account?: string;
  readonly cause?: CauseCode;
  /** The owner's id as items show it, `me` for whoever holds the key, or `nobody`. */
  readonly owner?: string;
  /** ISO instants. */
  readonly dueFrom?: string;
  readonly dueBefore?: string;
  readonly text?: string;
  readonly order?: ItemOrder;
  /** 1 to 200. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface BatchesWanted {
  /** `under_way` where it is left out. */
  readonly state?: BatchState;
  /** 1 to 200. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface ActivityWanted {
  readonly trace?: string;
  readonly type?: string;
  readonly actor?: string;
  readonly schedule?: string;
  /** `nextBefore` of the page before. */
  readonly before?: number;
  /** 1 to 500. */
  readonly limit?: number;
}

export interface RecoveryCalls {
  /** One page of schedules, in all states. */
  schedules(wanted?: SchedulesWanted, options?: Signaled): Promise<ItemPage>;
  /** Failures that share account and cause, the largest first. */
  incidents(options?: Signaled): Promise<readonly Incident[]>;
  /** Replays the failures of one account for one cause together; each passes the gate by itself. */
  startBatch(
    request: BatchRequestInput,
    options?: Signaled & { readonly idempotencyKey?: string },
  ): Promise<BatchAccepted>;
  /** One page of the batches that are under way, or that have ended; newest first. */
  batches(wanted?: BatchesWanted, options?: Signaled): Promise<BatchPage>;
  /** A batch with one page of its members' verdicts. */
  batch(id: string, page?: { readonly after?: number; readonly limit?: number }, options?: Signaled): Promise<Batch>;
  /** Cancels what has not had its turn. */
  cancelBatch(id: string, options?: Signaled): Promise<void>;
  /** What the platform lists around the time of a post; it is asked each time. */
  nearby(id: string, options?: Signaled): Promise<NearbyView>;
  claim(id: string, wish?: ClaimWish, options?: Signaled): Promise<Claimed>;
  /** An operator's word to one publish; refused with its `reason`. */
  send<Name extends keyof MessageRequests>(
    name: Name,
    id: string,
    body: MessageRequests[Name],
    options?: Signaled,
  ): Promise<MessageAccepted>;
  /** The audit trail, newest first, with the state of its chain. */
  activity(wanted?: ActivityWanted, options?: Signaled): Promise<ActivityPage>;
}

/** The calls over a connection. */
export function recoveryCalls(connection: Connection): RecoveryCalls {
  const get = { method: 'GET' } as const;
  const post = { method: 'POST' } as const;
  return {
    schedules: async (wanted = {}, { signal } = {}) =>
      call(connection, { ...get, path: `/api/schedules${queryOf(wanted)}`, answer: itemPageSchema, signal }),
    async incidents({ signal } = {}) {
      const answer = await call(connection, { ...get, path: '/api/incidents', answer: incidentsSchema, signal });
      return answer.incidents;
    },
    async startBatch(request, { signal, idempotencyKey = crypto.randomUUID() } = {}) {
      const parsed = batchRequestSchema.safeParse(request);
      if (!parsed.success) throw invalidRequest(fieldProblems(parsed.error));
      const headers = { 'Idempotency-Key': idempotencyKey };
      return call(connection, {
        ...post,
        path: '/api/batches',
        body: parsed.data,
        headers,
        answer: batchAcceptedSchema,
        signal,
      });
    },
    nearby: async (id, { signal } = {}) =>
      call(connection, { ...get, path: `/api/schedules/${part(id)}/nearby`, answer: nearbyViewSchema, signal }),
    batches: async (wanted = {}, { signal } = {}) =>
      call(connection, { ...get, path: `/api/batches${queryOf(wanted)}`, answer: batchPageSchema, signal }),
    batch: async (id, page = {}, { signal } = {}) =>
      call(connection, { ...get, path: `/api/batches/${part(id)}${queryOf(page)}`, answer: batchSchema, signal }),
    async cancelBatch(id, { signal } = {}) {
      await call(connection, {
        ...post,
        path: `/api/batches/${part(id)}/cancel`,
        answer: batchAcceptedSchema.pick({ id: true }),
        signal,
        once: true,
      });
    },
    claim: async (id, wish = 'claim', { signal } = {}) =>
      call(connection, {
        ...post,
        path: `/api/schedules/${part(id)}/claim`,
        body: { wish },
        answer: claimedSchema,
        signal,
        once: true,
      }),
    async send(name, id, body, { signal } = {}) {
      const parsed = MESSAGE_REQUESTS[name].safeParse(body);
      if (!parsed.success) throw invalidRequest(fieldProblems(parsed.error));
      const path = `/api/schedules/${part(id)}/${name}`;
      return call(connection, { ...post, path, body: parsed.data, answer: messageAcceptedSchema, signal, once: true });
    },
    activity: async (wanted = {}, { signal } = {}) =>
      call(connection, { ...get, path: `/api/activity${queryOf(wanted)}`, answer: activityPageSchema, signal }),
  };
}

/** What cannot be an id names nothing; as part of an address it might name something else. */
function part(id: string): string {
  if (scheduleIdSchema.safeParse(id).success) return id;
  throw new OncepostRefused(null, { code: 'not_found', message: API_PROBLEMS.not_found.means });
}

/** A query with its question mark; without one where nothing is asked for. */
function queryOf(wanted: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined) query.append(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}
