// Reads a message as it came from Temporal and has the ledger answer it: whatever was sent, the reply is a verdict.

import {
  MESSAGE_SCHEMAS,
  type Message,
  type MessageName,
  type MessageVerdict,
} from '../../domain/messages/messages.ts';
import { selfDeclared } from '../../domain/people/actor.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import { plainJson, toPlainText } from '../../domain/text/plain-text.ts';
import { redact } from '../../domain/text/redact.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { answerMessage, type IncomingMessage } from '../../ledger/messages/messages.ts';

/** Kept of a message's body, in characters of JSON, and of its name. */
const RECORDED_CHARS = 2_000;
const NAME_CHARS = 200;

export interface RawMessage {
  readonly schedule: ScheduleKey;
  readonly messageId: string;
  readonly name: string;
  /** Whatever one JSON value the sender chose, or nothing. */
  readonly body?: unknown;
  /** Proven by one of our own doors; a message without it came through Temporal, where nobody proves who they are. */
  readonly actor?: IncomingMessage['actor'] | undefined;
  readonly fromOutside?: boolean;
}

/** @throws UnknownSchedule */
export function answer(ledger: Ledger, raw: RawMessage): Promise<MessageVerdict> {
  const parsed = parse(raw);
  return answerMessage(ledger, {
    schedule: raw.schedule,
    messageId: raw.messageId,
    name: toPlainText(raw.name, NAME_CHARS),
    body: recorded(raw.body),
    parsed,
    actor: raw.actor ?? selfDeclared('name' in parsed ? claimedName(parsed) : undefined),
    fromOutside: raw.fromOutside ?? false,
  });
}

function parse({ name, body }: RawMessage): IncomingMessage['parsed'] {
  if (!isMessageName(name)) {
    return { refused: 'unknown_message', why: `Known are: ${Object.keys(MESSAGE_SCHEMAS).join(', ')}.` };
  }
  const parsed = MESSAGE_SCHEMAS[name].safeParse(body === undefined ? {} : body);
  if (parsed.success) return { name, body: withoutSecrets(parsed.data) } as Message;
  const why = fieldProblems(parsed.error)
    .slice(0, 5)
    .map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`))
    .join('; ');
  return { refused: 'malformed_message', why: `(${why})` };
}

/** Free text goes into the audit trail, from which nothing can be taken back. */
function withoutSecrets(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const told = (name: string, value: unknown) =>
    FREE_TEXT.has(name) && typeof value === 'string' ? redact(value, null) : value;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, told(name, value)]));
}

const FREE_TEXT: ReadonlySet<string> = new Set(['note', 'evidence', 'reason']);

function isMessageName(name: string): name is MessageName {
  return Object.hasOwn(MESSAGE_SCHEMAS, name);
}

function claimedName({ body }: Message): string | undefined {
  if ('requestedBy' in body) return body.requestedBy;
  if ('decidedBy' in body) return body.decidedBy;
  return 'completedBy' in body ? body.completedBy : undefined;
}

function recorded(body: unknown): unknown {
  // An empty message is an empty object, in the record too; the column takes no JSON null.
  const value = body === undefined ? {} : (body ?? 'null');
  const text = redact(JSON.stringify(plainJson(value)), null, RECORDED_CHARS);
  try {
    return JSON.parse(text);
  } catch {
    return toPlainText(text);
  }
}
