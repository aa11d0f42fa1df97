// POST /2/media/upload: an image in one request, ready as soon as it is answered.
import type { Answer } from '../answer.ts';
import { inspectMedia } from '../media/inspect.ts';
import { shown } from './media-answers.ts';
import { readMedia } from './media-body.ts';
import { forbidden, invalidRequest, presets } from './problems.ts';
import { route, type XCall, type XState } from './state.ts';
import { categories, withSegment } from './uploads.ts';

const tooLarge = presets.payload_too_large ?? forbidden;
const { kinds, maxBytes } = categories.tweet_image;

/** Registers the call. */
export function registerMediaUpload(state: XState): void {
  route(state, 'POST', '/2/media/upload', {
    name: 'media_upload',
    scopes: ['media.write'],
    answer: (call) => (call.settings.mediaCapability ? upload(state, call) : forbidden),
  });
}

async function upload(state: XState, call: XCall): Promise<Answer> {
  const body = await readMedia(call.request);
  if (!body) return invalidRequest('media', '', 'media is required');
  const category = body.fields.media_category ?? 'tweet_image';
  if (category !== 'tweet_image') return invalidRequest('media_category', category, 'Use the chunked upload.');
  if (body.bytes.length > maxBytes) return tooLarge;
  if (!kinds.includes(inspectMedia(body.bytes).kind)) return invalidRequest('media', '', 'media type unrecognized.');
  const begun = state.uploads.begin(call.account.id, 'tweet_image', body.bytes.length, call.nowMs);
  const whole = { ...withSegment(begun, 0, body.bytes), finalizedAtMs: call.nowMs, readyAtMs: call.nowMs };
  return shown(state.uploads.put(whole), call.settings, call.nowMs);
}
