// The point of no return: a create-once write of our record under our key, and what its answer means.
import { z } from 'zod';
import { cause } from '../../domain/causes/causes.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { CreateReading, HttpCreate } from '../create-and-look.ts';
import { aboutItem } from '../media-item.ts';
import type { PlatformSession } from '../sessions.ts';
import { postUri, postUrl } from './address.ts';
import { blobKeys, mediaItemNamed } from './blobs.ts';
import { classifyAnswer, errorName, isWorded, PLATFORM } from './errors.ts';
import { buildRecord, COLLECTION, recordDigest } from './record.ts';
import { recordKey } from './record-key.ts';
import { writtenSchema } from './wire.ts';
import { bearer, methodUrl } from './xrpc.ts';

/** What a later look compares with. Versions before kept no `createdAt` beside it, and made their keys in another way. */
export const markersSchema = z.object({ rkey: z.string().min(1), recordSha256: z.string().length(64) });

/**
 * `putRecord` with `swapRecord: null`: writes only where no record stands. The same record again is answered with
 * success and changes nothing; another one is refused (seen on PDS 0.4.217).
 */
export function create(session: PlatformSession): HttpCreate {
  const rkey = recordKey(session.post);
  const record = buildRecord(session);
  return {
    request: {
      method: 'POST',
      url: methodUrl(session, 'com.atproto.repo.putRecord'),
      headers: { ...bearer(session.grant.accessToken), 'content-type': 'application/json' },
      body: JSON.stringify({ repo: session.account.remoteId, collection: COLLECTION, rkey, record, swapRecord: null }),
    },
    markers: { rkey, recordSha256: recordDigest(record), createdAt: record.createdAt },
  };
}

/** Reads a complete answer to the create. Never throws. */
export function readCreate(answer: HttpAnswer, session: PlatformSession): CreateReading {
  if (answer.status < 300) return readWritten(answer, session);
  const { cause: refusal, lies, app } = classifyAnswer(answer, 'create', session);
  if (answer.status === 408) return { kind: 'unclear', cause: refusal };
  if (lies || answer.status < 400 || !isWorded(answer)) return { kind: 'unclear', cause: refusal, ifAbsent: refusal };
  const forget = errorName(answer) === 'BlobNotFound' ? blobKeys(session) : [];
  const item = mediaItemNamed(session, refusal.externalText);
  const named = item === undefined ? refusal : aboutItem(refusal, item);
  return { kind: 'refused', cause: named, forget, ...(app && { app }) };
}

function readWritten(answer: HttpAnswer, session: PlatformSession): CreateReading {
  const rkey = recordKey(session.post);
  const platformPostId = postUri(session.account, rkey);
  const written = writtenSchema.safeParse(bodyJson(answer)).data;
  if (written?.uri === platformPostId) return { kind: 'live', platformPostId, url: postUrl(session.account, rkey) };
  return {
    kind: 'unclear',
    cause: cause({
      code: 'unknown',
      source: 'status_only',
      platform: PLATFORM,
      stage: 'create',
      httpStatus: answer.status,
      externalText: 'Bluesky said yes, but not for which record; it is asked before anything else is sent.',
      rawText: redact(`HTTP ${answer.status} ${bodyText(answer)}`, session.grant),
    }),
  };
}
