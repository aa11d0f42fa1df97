// How X shows an upload in its answers.
import { type Answer, json } from '../answer.ts';
import type { XSettings } from './settings.ts';
import { processingOf, receivedBytes, type Upload } from './uploads.ts';

/** X's samples of initialize promise this long; what counts is the time from finalize. */
const initializedSeconds = 1_295_999;

/** Seconds until the upload can no longer be attached. */
function expiresAfterSeconds(upload: Upload, settings: XSettings, nowMs: number): number {
  if (upload.finalizedAtMs === null) return initializedSeconds;
  return Math.max(0, Math.ceil((upload.finalizedAtMs + settings.mediaLifetimeMs - nowMs) / 1000));
}

/** The answer of initialize: no size yet. */
export function begun(upload: Upload): Answer {
  return json(200, { data: { id: upload.id, media_key: upload.key, expires_after_secs: initializedSeconds } });
}

/** The answer of finalize, STATUS and the one-shot upload. */
export function shown(upload: Upload, settings: XSettings, nowMs: number): Answer {
  const processing = processingOf(upload, nowMs);
  const image = upload.category === 'tweet_image' ? { image: { w: upload.width, h: upload.height } } : {};
  const data = {
    id: upload.id,
    media_key: upload.key,
    size: receivedBytes(upload),
    expires_after_secs: expiresAfterSeconds(upload, settings, nowMs),
    ...image,
  };
  if (!processing) return json(200, { data });
  const { state, percent, leftMs } = processing;
  const isOver = state === 'succeeded' || state === 'failed';
  const wait = isOver ? {} : { check_after_secs: Math.max(1, Math.ceil(leftMs / 1000)) };
  const error = state === 'failed' && upload.failure ? { error: { code: 1, ...upload.failure } } : {};
  return json(200, { data: { ...data, processing_info: { state, ...wait, progress_percent: percent, ...error } } });
}
