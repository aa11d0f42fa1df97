// Puts down what was sent at the point of no return and what came back, as people may read it: no header, no query, and no
// secret of the grant in any form that a call gives it.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type CallAnswer, KEPT_CHARS, type SentCall } from '../../domain/schedules/create-record.ts';
import { toPlainText } from '../../domain/text/plain-text.ts';
import { redact } from '../../domain/text/redact.ts';
import type { CreateCall, CreateReading } from '../../platforms/create-and-look.ts';
import type { Grant } from '../../platforms/sessions.ts';
import { bodyText, type ToolExchange } from '../../transport/exchange.ts';

/** What a call's answer was taken to say; `not_sent`: not one byte of it left. */
export type SendReading = CreateReading | { readonly kind: 'not_sent'; readonly detail: string };

/** The call as it is about to leave. */
export function sentCallOf(call: CreateCall, grant: Grant): SentCall {
  if ('toolCall' in call) {
    const { server, tool, arguments: given } = call.toolCall;
    return recorded('tools/call', `${tool} of ${server}`, canonicalize(given) ?? '', grant);
  }
  const { method, url, body } = call.request;
  return recorded(method, withoutQuery(url), body, grant);
}

function recorded(method: string, target: string, body: Uint8Array | string, grant: Grant): SentCall {
  const bytes = Buffer.from(body);
  return {
    method,
    target: shown(target, grant),
    sizeBytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    excerpt: shown(bytes.toString('utf8'), grant),
  };
}

/** An address without what may carry a secret: a user and password before the host, a query, a fragment. */
function withoutQuery(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.origin}${parsed.pathname}` : '';
}

/** What came back at an instant, and how it was read. */
export function callAnswerOf(exchange: ToolExchange, reading: SendReading, at: Date, grant: Grant): CallAnswer {
  return {
    at: at.toISOString(),
    came: exchange.kind,
    status: exchange.kind === 'answer' ? exchange.status : null,
    text: shown(wordsOf(exchange), grant),
    readAs: reading.kind,
    knownBy: 'cause' in reading ? reading.cause.source : null,
  };
}

function wordsOf(exchange: ToolExchange): string {
  switch (exchange.kind) {
    case 'answer':
      return bodyText(exchange);
    case 'tool_answer':
      return JSON.stringify('error' in exchange ? exchange.error : exchange.result) ?? '';
    case 'no_answer':
    case 'not_sent':
      return `${exchange.reason}: ${exchange.detail}`;
  }
}

function shown(text: string, grant: Grant): string {
  return toPlainText(redact(text, grant, KEPT_CHARS));
}
