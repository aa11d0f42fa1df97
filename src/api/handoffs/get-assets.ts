// GET /api/handoffs/{id}/assets/{number} and /assets.zip: the files of a handoff, sent while they are read.
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import { openAsset, zipOf } from '../../handoff/asset-download.ts';
import { type OpenPack, openPack } from '../../handoff/pack.ts';
import { mediaOf } from '../../mediastore/workspace-media.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from '../schedules/schedule-path.ts';

const file = z.string().meta({ format: 'binary' });
const unusable = refusals('unauthenticated', 'scope_missing', 'not_found', 'ledger_unavailable', 'internal_error');

/** Registers the operations. */
export function getAssets(api: Api, deps: ApiDeps): void {
  zip(api, deps);
  single(api, deps);
}

function zip(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/handoffs/{id}/assets.zip',
    operationId: 'get-handoff-zip',
    summary: 'Download the files of a handoff and their texts as one ZIP',
    security: securityOf('schedules.read'),
    middleware: [allowed(deps, 'schedules.read')],
    request: { params: schedulePath },
    responses: {
      200: {
        description: 'A file that cannot be had breaks the download off.',
        content: { 'application/zip': { schema: file } },
      },
      ...unusable,
    },
  });
  api.openapi(route, async (c) => {
    const opened = await packOf(deps, c.get('caller').workspaceId, c.req.valid('param').id);
    if (opened.media.length === 0) throw new ApiRefused('not_found');
    return c.body(Readable.toWeb(zipOf(mediaOf(deps, c.get('caller').workspaceId), opened)), 200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${opened.pack.scheduleId}.zip"`,
    });
  });
}

function single(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/handoffs/{id}/assets/{number}',
    operationId: 'get-handoff-asset',
    summary: 'Download one file of a handoff',
    security: securityOf('schedules.read'),
    middleware: [allowed(deps, 'schedules.read')],
    request: {
      params: schedulePath.extend({ number: z.string().meta({ description: 'Its place in the post, from 1.' }) }),
    },
    responses: {
      200: { description: 'The file as it is.', content: { 'application/octet-stream': { schema: file } } },
      ...unusable,
      ...refusals('media_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const { id, number } = c.req.valid('param');
    const { pack, media } = await packOf(deps, c.get('caller').workspaceId, id);
    const index = pack.assets.findIndex((asset) => String(asset.number) === number);
    const [item, named] = [media[index], pack.assets[index]];
    if (!item || !named) throw new ApiRefused('not_found');
    const stream = await told(() => openAsset(mediaOf(deps, c.get('caller').workspaceId), item));
    return c.body(Readable.toWeb(stream), 200, {
      'Content-Type': item.mediaType,
      'Content-Length': String(item.sizeBytes),
      'Content-Disposition': `attachment; filename="${named.fileName}"`,
    });
  });
}

async function packOf(deps: ApiDeps, workspaceId: string, id: string): Promise<OpenPack> {
  const opened = await openPack(deps, workspaceId, scheduleIdOf(id));
  if (!opened) throw new ApiRefused('not_found');
  return opened;
}

/** @throws ApiRefused with the sentence of the file that cannot be had */
async function told<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MediaUnavailable)) throw error;
    throw new ApiRefused('media_unavailable', { message: `${error.message} Nothing was changed.` });
  }
}
