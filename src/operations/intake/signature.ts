// Whether a webhook was signed by whoever knows the connector's secret, and lately.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { ConnectorKind } from '../../domain/events/connector.ts';

/** Later, or from further ahead, nothing is taken in; Standard Webhooks names the same. */
export const TOLERANCE_MS = 300_000;

export interface Signed {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, byte for byte. */
  readonly body: string;
}

/** What proves it, to be remembered against replays; null: nothing does. */
export function provedBy(kind: ConnectorKind, secret: string, signed: Signed, now: Date): string | null {
  switch (kind) {
    case 'generic':
    case 'mapped':
      return standard(secret, signed);
    case 'ghost':
      return ghost(secret, signed, now);
    case 'wordpress':
      return wooCommerce(secret, signed);
  }
}

/** The library reads the clock itself, and reads the body as JSON once it is proved, which is for others to judge. */
function standard(secret: string, { headers, body }: Signed): string | null {
  try {
    new Webhook(secret).verify(body, { ...headers });
  } catch (error) {
    if (!(error instanceof SyntaxError)) return null;
  }
  return headers['webhook-signature'] ?? null;
}

/** `sha256=<hex of HMAC-SHA-256 of body and time>, t=<milliseconds>` (Ghost 6, services/webhooks). */
function ghost(secret: string, { headers, body }: Signed, now: Date): string | null {
  const [, given = '', time = ''] =
    /^sha256=([0-9a-f]{64}), t=(\d{1,15})$/.exec(headers['x-ghost-signature'] ?? '') ?? [];
  if (given === '' || Math.abs(now.getTime() - Number(time)) > TOLERANCE_MS) return null;
  const due = createHmac('sha256', secret).update(`${body}${time}`).digest();
  return timingSafeEqual(due, Buffer.from(given, 'hex')) ? given : null;
}

/** Base64 of HMAC-SHA-256 of the body; nothing says when it was signed. */
function wooCommerce(secret: string, { headers, body }: Signed): string | null {
  const given = Buffer.from(headers['x-wc-webhook-signature'] ?? '', 'base64');
  const due = createHmac('sha256', secret).update(body).digest();
  return given.length === due.length && timingSafeEqual(due, given) ? given.toString('base64') : null;
}
