// A server may repeat the token that it was given, and what it says is kept (law 9): nobody behind this door knows the token.
import { bodyText, type ToolExchange } from '../exchange.ts';

/** Too short for a token, and too likely to be part of a word. */
const LEAST_CHARS = 6;

/** The same answer with the token replaced wherever it stands. */
export function withoutSecret(exchange: ToolExchange, secret: string | null): ToolExchange {
  if (secret === null || secret.length < LEAST_CHARS) return exchange;
  const clean = (text: string) => text.replaceAll(secret, '[redacted]');
  if (exchange.kind === 'answer') {
    const text = bodyText(exchange);
    return text.includes(secret) ? { ...exchange, body: new TextEncoder().encode(clean(text)) } : exchange;
  }
  if (exchange.kind !== 'tool_answer') return exchange;
  if ('error' in exchange) return { ...exchange, error: { ...exchange.error, message: clean(exchange.error.message) } };
  return { ...exchange, result: cleaned(exchange.result, clean), misfit: exchange.misfit && clean(exchange.misfit) };
}

function cleaned(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [clean(name), cleaned(item, clean)]));
}
