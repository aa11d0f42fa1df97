// The part of the client by which operators steer what is still ahead: edits, decisions, review links, holds, the night.
import type { z } from 'zod';
import { type Decided, type DecisionRequest, decidedSchema } from '../domain/reviews/decision.ts';
import {
  type ReviewLinkMade,
  type ReviewLinkRequest,
  type ReviewLinks,
  reviewLinkMadeSchema,
  reviewLinkRevokedSchema,
  reviewLinksSchema,
} from '../domain/reviews/review-link.ts';
import { type Edited, type EditRequest, editedSchema } from '../domain/schedules/edit.ts';
import {
  type HoldPlaced,
  type HoldRequest,
  type Holds,
  holdPlacedSchema,
  holdReleasedSchema,
  holdsSchema,
  type ReleaseRequest,
} from '../domain/schedules/hold.ts';
import { type ScheduleRequestInput, scheduleIdSchema } from '../domain/schedules/schedule-request.ts';
import { type ScheduleCheck, scheduleCheckSchema } from '../domain/tonight/schedule-check.ts';
import { type Tonight, tonightSchema } from '../domain/tonight/tonight.ts';
import { type Connection, call } from './call.ts';
import { notFound } from './errors.ts';

export interface NightWanted {
  readonly fresh?: boolean;
  /** At most so many, up to 200. */
  readonly limit?: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface SteeringCalls {
  /** What would stop a post, and why it would not be taken in; nothing is stored by it. */
  check(request: ScheduleRequestInput): Promise<ScheduleCheck>;
  /** Makes a new version of a post; refused with both versions when another stands than the one that was looked at. */
  edit(id: string, request: EditRequest): Promise<Edited>;
  /** Approves or rejects the version that was looked at. */
  decide(id: string, request: DecisionRequest): Promise<Decided>;
  reviewLinks(id: string): Promise<ReviewLinks>;
  /** Makes a review link; its address is told this once. */
  makeReviewLink(id: string, request: ReviewLinkRequest): Promise<ReviewLinkMade>;
  revokeReviewLink(id: string, linkId: string): Promise<void>;
  holds(): Promise<Holds>;
  placeHold(request: HoldRequest): Promise<HoldPlaced>;
  releaseHold(holdId: string, request?: ReleaseRequest): Promise<{ released: number; missed: number }>;
  /** One page of what is due within a day and what will stop it; `fresh`: all of it is looked at now. */
  tonight(options?: NightWanted): Promise<Tonight>;
}

/** The calls over a connection. */
export function steeringCalls(connection: Connection): SteeringCalls {
  const send = <Answer extends z.ZodType>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    answer: Answer,
    body?: unknown,
  ) => call(connection, { method, path, answer, body, headers: method === 'POST' ? onceOnly() : {} });
  return {
    check: (request) => send('POST', '/api/schedules/check', scheduleCheckSchema, request),
    edit: async (id, request) => send('PATCH', at(id), editedSchema, request),
    decide: async (id, request) => send('POST', `${at(id)}/decisions`, decidedSchema, request),
    reviewLinks: async (id) => send('GET', `${at(id)}/review-links`, reviewLinksSchema),
    makeReviewLink: async (id, request) => send('POST', `${at(id)}/review-links`, reviewLinkMadeSchema, request),
    async revokeReviewLink(id, linkId) {
      await send('DELETE', `${at(id)}/review-links/${encodeURIComponent(linkId)}`, reviewLinkRevokedSchema);
    },
    holds: () => send('GET', '/api/holds', holdsSchema),
    placeHold: (request) => send('POST', '/api/holds', holdPlacedSchema, request),
    releaseHold: (holdId, request = {}) =>
      send('POST', `/api/holds/${encodeURIComponent(holdId)}/release`, holdReleasedSchema, request),
    tonight: ({ fresh = false, limit, cursor } = {}) => {
      const query = new URLSearchParams({ fresh: String(fresh) });
      if (limit !== undefined) query.set('limit', String(limit));
      if (cursor !== undefined) query.set('cursor', cursor);
      return send('GET', `/api/tonight?${query}`, tonightSchema);
    },
  };
}

/** What cannot be an id names nothing; as part of an address it might name something else. */
function at(id: string): string {
  if (!scheduleIdSchema.safeParse(id).success) throw notFound();
  return `/api/schedules/${id}`;
}

/** A call whose answer is lost is sent again and counts once, where the server keeps the key. */
const onceOnly = () => ({ 'Idempotency-Key': crypto.randomUUID() });
