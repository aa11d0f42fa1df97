// POST /api/media: stores a file, which is the body itself, and answers the address by which posts name it.
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import type { ApiProblem } from '../../domain/api/api-problems.ts';
import { storedAddress } from '../../domain/schedules/stored-media.ts';
import { type StoredMediaView, storedMediaSchema } from '../../domain/schedules/stored-media-view.ts';
import type { StoredFile } from '../../ledger/media/stored-media.ts';
import { upload } from '../../mediastore/upload.ts';
import { type UploadProblem, UploadRefused } from '../../mediastore/upload-refused.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const PROBLEMS: Record<UploadProblem, ApiProblem> = {
  too_large: 'body_too_large',
  empty: 'malformed_body',
  cut_off: 'malformed_body',
  not_media: 'unsupported_media_type',
  other_type: 'unsupported_media_type',
  no_space: 'media_store_unavailable',
  store_away: 'media_store_unavailable',
};

/** Registers the operation. */
export function postMedia(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/media',
    operationId: 'post-media',
    summary: 'Upload a picture or a video',
    description:
      'The body is the file. Its type is read from its bytes; a `Content-Type` that says another is refused. A post names the file ' +
      'by `url` of the answer. What no post names is dropped after a while.',
    security: securityOf('media.upload'),
    middleware: [allowed(deps, 'media.upload')],
    request: {
      headers: z.object({ 'content-type': z.string().optional() }),
    },
    responses: {
      200: json(storedMediaSchema, 'The workspace had the file already.'),
      201: json(storedMediaSchema, 'Stored.'),
      ...refusals('malformed_body', 'unauthenticated', 'scope_missing', 'body_too_large', 'unsupported_media_type'),
      ...refusals('media_store_unavailable', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const said = c.req.header('content-type') ?? null;
    assertAnnounced(c.req.header('content-length'), deps);
    const body = c.req.raw.body ?? Readable.from([]);
    try {
      const { file, created } = await upload(deps, { ...c.get('caller'), body, said });
      return c.json(storedMediaSchema.parse(viewOf(file)), created ? 201 : 200);
    } catch (error) {
      if (!(error instanceof UploadRefused)) throw error;
      if (error.cause !== undefined) deps.log.warn({ err: error.cause }, 'an upload could not be stored');
      throw new ApiRefused(PROBLEMS[error.problem], { message: error.message });
    }
  });
}

/** What says that it is too large need not be sent first. @throws ApiRefused */
function assertAnnounced(announced: string | undefined, { settings }: ApiDeps): void {
  const limit = settings.media.uploadMaxBytes;
  if (announced === undefined || Number(announced) <= limit) return;
  throw new ApiRefused('body_too_large', { message: new UploadRefused('too_large', { limit }).message });
}

function viewOf({ sha256, mediaType, sizeBytes, facts }: StoredFile): StoredMediaView {
  const { codecs, ...shown } = facts;
  return {
    id: sha256,
    url: storedAddress(sha256),
    mediaType,
    sizeBytes,
    ...shown,
    ...(codecs ? { codecs: [...codecs] } : {}),
  };
}
