// The files of a handoff, one by one and as a ZIP, for whoever is signed in.
import { Readable } from 'node:stream';
import type { MediaItem } from '../../domain/schedules/post.ts';
import { openAsset, zipOf } from '../../handoff/asset-download.ts';
import { type OpenPack, openPack } from '../../handoff/pack.ts';
import { mediaOf } from '../../mediastore/workspace-media.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere, PageRefused } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { allowed } from '../session/signed-in.ts';

/** Registers them. */
export function handoffDownloads(pages: Pages, deps: PagesDeps): void {
  pages.get('/handoff/:id/assets.zip', allowed('schedules.read'), (c) => zip(c, deps));
  pages.get('/handoff/:id/assets/:number', allowed('schedules.read'), (c) => asset(c, deps));
}

async function zip(c: PageContext, deps: PagesDeps): Promise<Response> {
  const opened = await packOf(c, deps);
  if (opened.media.length === 0) throw nothingHere();
  const { scheduleId } = opened.pack;
  return c.body(Readable.toWeb(zipOf(mediaOf(deps, c.get('caller').workspaceId), opened)), 200, {
    'Content-Type': 'application/zip',
    'Content-Disposition': `attachment; filename="${scheduleId}.zip"`,
  });
}

async function asset(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { pack, media } = await packOf(c, deps);
  const index = pack.assets.findIndex(({ number }) => String(number) === c.req.param('number'));
  const [item, named] = [media[index], pack.assets[index]];
  if (!item || !named) throw nothingHere();
  return sendFile(c, deps, { workspaceId: c.get('caller').workspaceId, item, fileName: named.fileName });
}

interface Sent {
  readonly workspaceId: string;
  readonly item: MediaItem;
  /** As it is called where it is saved. */
  readonly fileName: string;
}

/** Answers with a media item to be saved. @throws PageRefused when it cannot be had */
export async function sendFile(
  c: PageContext,
  deps: PagesDeps,
  { workspaceId, item, fileName }: Sent,
): Promise<Response> {
  const stream = await told(() => openAsset(mediaOf(deps, workspaceId), item));
  return c.body(Readable.toWeb(stream), 200, {
    'Content-Type': item.mediaType,
    'Content-Length': String(item.sizeBytes),
    'Content-Disposition': `attachment; filename="${fileName}"`,
  });
}

async function packOf(c: PageContext, deps: PagesDeps): Promise<OpenPack> {
  const opened = await openPack(deps, c.get('caller').workspaceId, scheduleIdOf(c));
  if (!opened) throw nothingHere();
  return opened;
}

/** @throws PageRefused with the sentence of the file that cannot be had */
async function told<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MediaUnavailable)) throw error;
    throw new PageRefused(409, 'The file cannot be had', `${error.message} The post itself was not changed.`);
  }
}
