// The part of the client that is about the operations plane: what somebody has to know of, and what is done about it.

import type { z } from 'zod';
import {
  type AlarmKindName,
  type AlarmState,
  type AlarmVerdict,
  type AlarmView,
  alarmAnsweredSchema,
  alarmsSchema,
} from '../domain/alarms/alarm.ts';
import type { connectorRequestSchema } from '../domain/events/connector.ts';
import type { Routing } from '../domain/events/routing.ts';
import {
  type ConnectorMade,
  type ConnectorView,
  connectorMadeSchema,
  connectorsSchema,
  type EventsPage,
  eventsSchema,
  keyClearedSchema,
} from '../domain/events/view.ts';
import type { ruleSchema } from '../domain/rules/rule.ts';
import { type RuleView, type ruleChangeSchema, rulesSchema, ruleViewSchema } from '../domain/rules/view.ts';
import { type Connection, call } from './call.ts';

export interface AlarmsWanted {
  /** Without it, those that are not resolved. */
  readonly state?: AlarmState;
  readonly kind?: AlarmKindName;
  /** The `next` of the page before. */
  readonly after?: string;
  /** At most so many, up to 200. */
  readonly limit?: number;
}

export interface OperationsCalls {
  alarms(options?: AlarmsWanted): Promise<{ alarms: AlarmView[]; next: string | null }>;
  /** Says that you know of an alarm, or that it is over. */
  answerAlarm(
    id: string,
    verdict: AlarmVerdict,
    note: string,
  ): Promise<{ id: string; state: AlarmState; says: string }>;
  /** The newest first. */
  events(options?: EventsWanted): Promise<EventsPage>;
  connectors(): Promise<{ connectors: ConnectorView[] }>;
  /** Makes a connector; its secret is told this once. */
  makeConnector(request: z.input<typeof connectorRequestSchema>): Promise<ConnectorMade>;
  rules(): Promise<{ rules: RuleView[] }>;
  makeRule(definition: z.input<typeof ruleSchema>): Promise<RuleView>;
  /** Enables, disables or replaces a rule. */
  changeRule(id: string, change: z.input<typeof ruleChangeSchema>): Promise<RuleView>;
  /** Lets a message through that was taken for one that came before. */
  clearDedupeKey(key: string): Promise<void>;
}

export interface EventsWanted {
  readonly routing?: Routing;
  /** A connector's id. */
  readonly connector?: string;
  /** The `next` of the page before. */
  readonly after?: string;
  /** At most so many, up to 200. */
  readonly limit?: number;
}

/** The calls over a connection. */
export function operationsCalls(connection: Connection): OperationsCalls {
  return {
    alarms: ({ limit, ...words } = {}) => {
      const query = new URLSearchParams(words);
      if (limit !== undefined) query.set('limit', String(limit));
      return call(connection, { method: 'GET', path: `/api/alarms?${query}`, answer: alarmsSchema });
    },
    events: ({ limit, ...words } = {}) => {
      const query = new URLSearchParams(words);
      if (limit !== undefined) query.set('limit', String(limit));
      return call(connection, { method: 'GET', path: `/api/events?${query}`, answer: eventsSchema });
    },
    connectors: () => call(connection, { method: 'GET', path: '/api/connectors', answer: connectorsSchema }),
    makeConnector: (body) =>
      call(connection, { method: 'POST', path: '/api/connectors', answer: connectorMadeSchema, body }),
    rules: () => call(connection, { method: 'GET', path: '/api/rules', answer: rulesSchema }),
    makeRule: (body) => call(connection, { method: 'POST', path: '/api/rules', answer: ruleViewSchema, body }),
    changeRule: (id, body) =>
      call(connection, { method: 'PATCH', path: `/api/rules/${encodeURIComponent(id)}`, answer: ruleViewSchema, body }),
    async clearDedupeKey(key) {
      const path = `/api/events/keys/${encodeURIComponent(key)}`;
      await call(connection, { method: 'DELETE', path, answer: keyClearedSchema });
    },
    answerAlarm: (id, verdict, note) =>
      call(connection, {
        method: 'POST',
        path: `/api/alarms/${encodeURIComponent(id)}/${verdict}`,
        answer: alarmAnsweredSchema,
        body: { note },
      }),
  };
}
