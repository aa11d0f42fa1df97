// X's chunked upload (initialize, append, finalize, STATUS) and alt text. All of it is repeatable and invisible.
import { z } from 'zod';
import { type Answer, json } from '../answer.ts';
import { jsonOf } from '../request.ts';
import { begun, shown } from './media-answers.ts';
import { readMedia } from './media-body.ts';
import { forbidden, invalidRequest, notFound, presets } from './problems.ts';
import { refuseQuery } from './query.ts';
import { route, type XCall, type XState } from './state.ts';
import { categories, categorySchema, isWhole, type Upload, withSegment } from './uploads.ts';

const scopes = ['media.write'];
const maxChunkBytes = 8 * 1024 ** 2;
const tooLarge = presets.payload_too_large ?? forbidden;

const initializeSchema = z.strictObject({
  media_type: z.string(),
  total_bytes: z.number().int().positive(),
  media_category: categorySchema,
  shared: z.boolean().optional(),
  additional_owners: z.array(z.string()).optional(),
});
const metadataSchema = z.object({
  id: z.string(),
  metadata: z.object({ alt_text: z.object({ text: z.string().max(1000) }).optional() }),
});

/** Registers the calls. */
export function registerMedia(state: XState): void {
  const guarded = (answer: (state: XState, call: XCall) => Answer | Promise<Answer>) => (call: XCall) =>
    call.settings.mediaCapability ? answer(state, call) : forbidden;
  const upload = '/2/media/upload';
  route(state, 'POST', `${upload}/initialize`, { name: 'media_initialize', scopes, answer: guarded(initialize) });
  route(state, 'POST', `${upload}/:id/append`, { name: 'media_append', scopes, answer: guarded(append) });
  route(state, 'POST', `${upload}/:id/finalize`, { name: 'media_finalize', scopes, answer: guarded(finalize) });
  route(state, 'GET', upload, { name: 'media_status', scopes, answer: guarded(status) });
  route(state, 'POST', '/2/media/metadata', { name: 'media_metadata', scopes, answer: guarded(metadata) });
}

function initialize(state: XState, call: XCall): Answer {
  const parsed = initializeSchema.safeParse(jsonOf(call.request));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return invalidRequest(issue?.path.join('.') || 'body', '', issue?.message ?? 'The body is not valid JSON.');
  }
  const { media_type: type, total_bytes: totalBytes, media_category: category } = parsed.data;
  const rules = categories[category];
  if (!rules.types.includes(type)) return invalidRequest('media_type', type, `media_type is not valid for ${category}`);
  if (totalBytes > rules.maxBytes) {
    return invalidRequest('total_bytes', String(totalBytes), `File size exceeds ${rules.maxBytes} bytes.`);
  }
  return begun(state.uploads.begin(call.account.id, category, totalBytes, call.nowMs));
}

async function append(state: XState, call: XCall): Promise<Answer> {
  const body = await readMedia(call.request);
  const upload = ownUpload(state, call, call.request.param('id'));
  if (!upload || upload.finalizedAtMs !== null) return gone(call.request.param('id'));
  if (!body) return invalidRequest('media', '', 'media is required');
  if (body.bytes.length > maxChunkBytes) return tooLarge;
  const index = Number(body.fields.segment_index);
  if (!Number.isInteger(index) || index < 0 || index > 999) {
    return invalidRequest('segment_index', body.fields.segment_index ?? '', 'segment_index must be between 0 and 999');
  }
  state.uploads.put(withSegment(upload, index, body.bytes));
  return json(200, { data: { expires_at: Math.floor(call.nowMs / 1000) + 86_400 } });
}

function finalize(state: XState, call: XCall): Answer {
  const upload = ownUpload(state, call, call.request.param('id'));
  if (!upload) return gone(call.request.param('id'));
  if (upload.finalizedAtMs !== null) return shown(upload, call.settings, call.nowMs);
  if (!isWhole(upload)) {
    return invalidRequest('media_id', upload.id, 'Segments do not add up to provided total file size.');
  }
  const fits = categories[upload.category].kinds.includes(upload.kind);
  if (!fits && upload.category === 'tweet_image')
    return invalidRequest('media_id', upload.id, 'media type unrecognized.');
  return shown(state.uploads.put(finalized(upload, call, fits)), call.settings, call.nowMs);
}

/** Processing begins; a file that is not what it was announced as fails only at its end, as X's transcoder does. */
function finalized(upload: Upload, call: XCall, fits: boolean): Upload {
  const { processing } = call.effects();
  const wanted = processing === 'never' ? 'never' : call.settings.processingMs;
  const failure =
    typeof processing === 'object' || !fits
      ? {
          name: (typeof processing === 'object' && processing.failed) || 'InvalidMedia',
          message: 'Unsupported video format',
        }
      : null;
  return {
    ...upload,
    finalizedAtMs: call.nowMs,
    readyAtMs: wanted === 'never' ? null : call.nowMs + wanted,
    failure,
  };
}

function status(state: XState, call: XCall): Answer {
  const { searchParams } = call.request.url;
  const refused = refuseQuery(searchParams, { command: null, media_id: null });
  if (refused) return refused;
  const command = searchParams.get('command') ?? '';
  if (command !== 'STATUS') return invalidRequest('command', command, 'command must be STATUS');
  const upload = ownUpload(state, call, searchParams.get('media_id') ?? '');
  return upload ? shown(upload, call.settings, call.nowMs) : gone(searchParams.get('media_id') ?? '');
}

function metadata(state: XState, call: XCall): Answer {
  const parsed = metadataSchema.safeParse(jsonOf(call.request));
  if (!parsed.success) return invalidRequest('metadata', '', parsed.error.issues[0]?.message ?? 'invalid metadata');
  const upload = ownUpload(state, call, parsed.data.id);
  if (!upload) return gone(parsed.data.id);
  const text = parsed.data.metadata.alt_text?.text ?? null;
  state.uploads.put({ ...upload, altText: text });
  return json(200, { data: { id: upload.id, associated_metadata: text === null ? {} : { alt_text: { text } } } });
}

function ownUpload(state: XState, call: XCall, id: string): Upload | undefined {
  const upload = state.uploads.find(id);
  return upload?.accountId === call.account.id ? upload : undefined;
}

function gone(id: string): Answer {
  return notFound('media_id', id, 'media');
}
