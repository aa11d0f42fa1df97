// What a connector's sender posted: proved, read, taken in once; or recorded as what could not be taken in (F-01, F-02).
import { createHash, randomBytes } from 'node:crypto';
import { type ConnectorKind, normalise } from '../../domain/events/connector.ts';
import { findConnector } from '../../ledger/events/connectors.ts';
import { rejectInbound, type TakenEvent, takeInEvent } from '../../ledger/events/take-in.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RateLimit } from '../../ledger/requests/rate-limits.ts';
import type { Settings } from '../../runtime/settings/settings.ts';
import { provedBy, type Signed, TOLERANCE_MS } from './signature.ts';

export interface IntakeContext {
  readonly ledger: Ledger;
  readonly settings: Pick<Settings, 'operations'>;
}

/** `why` completes "... could not be taken in: it ...". */
export type WebhookTaken =
  | TakenEvent
  | { readonly kind: 'unknown_connector' }
  | { readonly kind: 'rejected'; readonly why: string }
  /** So many were rejected within the minute that this one was not even recorded. */
  | { readonly kind: 'too_many'; readonly waitMs: number };

/** `tooLarge`: how long a body is that was not read; it is on record as such. */
export type Posted = Signed | { readonly tooLarge: number };

export async function takeInWebhook(
  { ledger, settings }: IntakeContext,
  rejects: RateLimit,
  connectorId: string,
  posted: Posted,
): Promise<WebhookTaken> {
  const found = await findConnector(ledger, connectorId);
  if (!found?.connector.enabled) return { kind: 'unknown_connector' };
  const { connector, secret } = found;
  const reject = async (why: string, sizeBytes: number): Promise<WebhookTaken> => {
    const waitMs = await rejects.take(connector.id);
    if (waitMs > 0) return { kind: 'too_many', waitMs };
    await rejectInbound(ledger, { connector, why, sizeBytes, alarmAfter: settings.operations.rejectsAlarm });
    return { kind: 'rejected', why };
  };
  if ('tooLarge' in posted) return reject('is too large', posted.tooLarge);
  const sizeBytes = Buffer.byteLength(posted.body);
  const proof = provedBy(connector.kind, secret, posted, ledger.clock.now());
  if (proof === null)
    return reject('is not signed with the secret of this connector, or was signed too long ago', sizeBytes);
  const payload = parsed(posted.body);
  if (payload === undefined) return reject('is not JSON', sizeBytes);
  const read = normalise(connector, { headers: posted.headers, payload });
  if (read.kind === 'unreadable') return reject(read.why, sizeBytes);
  const bodyDigest = createHash('sha256').update(posted.body).digest('hex');
  return takeInEvent(ledger, {
    connector,
    message: read.message,
    bodyDigest,
    proof: { text: proof, forMs: TOLERANCE_MS },
  });
}

/** Undefined: it is none. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A secret in the form that the connector's senders take. */
export function newSecret(kind: ConnectorKind): string {
  const isStandard = kind === 'generic' || kind === 'mapped';
  return isStandard ? `whsec_${randomBytes(32).toString('base64')}` : randomBytes(32).toString('hex');
}
