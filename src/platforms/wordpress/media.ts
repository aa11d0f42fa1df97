// Uploads the post's media to the library of the site, each under a name of its own that a later attempt finds again.
import { z } from 'zod';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import { markOf } from '../blog/mark.ts';
import { MEDIA_ENDINGS, mediaName } from '../blog/media-name.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { askList, makeOnce } from './call.ts';
import { sha256 } from './digest.ts';
import { optionsOf } from './options.ts';
import { routeUrl, type Site, signIn } from './site.ts';
import { mediaSchema } from './wire.ts';

const CHUNK_BYTES = 1024 ** 2;
const DIGEST_CHARS = 12;

const savedSchema = z.object({ url: z.string(), id: z.int(), address: z.string() });

/** One medium, the id under which the library has it, and the address under which readers get it. */
export interface Uploaded {
  readonly item: MediaItem;
  readonly id: number;
  readonly address: string;
}

/** Uploads each item that is not there yet. @throws StepRefused | StepUnanswered */
export async function uploadMedia(session: PlatformSession, site: Site): Promise<void> {
  for (const [index, item] of session.post.content.media.entries()) {
    if (savedAt(session, index)?.url === item.url) continue;
    const { id, source_url: address } = await upload(session, site, item, index);
    await session.reach('media_uploaded');
    await session.remote.save(keyOf(index), { url: item.url, id, address });
    await session.reach('media_saved');
  }
}

/** The post's media as they were uploaded, in order. @throws StepUnanswered when one is missing: upload first */
export function uploadedMedia(session: PlatformSession): Uploaded[] {
  return session.post.content.media.map((item, index) => {
    const saved = savedAt(session, index);
    if (!saved) throw new StepUnanswered('media', `the upload of media item ${index + 1} is not on record`);
    return { item, id: saved.id, address: saved.address };
  });
}

async function upload(session: PlatformSession, site: Site, item: MediaItem, index: number) {
  const name = nameOf(session, item, index);
  const query = { slug: name, title: name, ...(item.altText === undefined ? {} : { alt_text: item.altText }) };
  const file = `${name}.${MEDIA_ENDINGS[item.mediaType]}`;
  const headers = {
    ...signIn(session),
    'content-type': item.mediaType,
    'content-disposition': `attachment; filename="${file}"`,
  };
  return makeOnce(session, {
    stage: 'media',
    async request() {
      const body = isVideo(item) ? await wholeVideo(session, item) : await session.media.picture(item);
      return { method: 'POST', url: routeUrl(site.root, '/wp/v2/media', query), headers, body };
    },
    schema: mediaSchema,
    find: () => findUpload(session, site, name),
  });
}

async function findUpload(session: PlatformSession, site: Site, name: string) {
  const query = { slug: name, _fields: 'id,slug,source_url' };
  const asked = { stage: 'media', window: 'read', route: '/wp/v2/media', query, schema: mediaSchema } as const;
  const { entries } = await askList(session, site, asked);
  return entries.find(({ slug }) => slug === name) ?? null;
}

/** Readers see it in the file's address; the digest makes it this post's and this file's own. */
function nameOf({ post }: PlatformSession, item: MediaItem, index: number): string {
  const digest = sha256(`${markOf(post)}\n${item.url}`).slice(0, DIGEST_CHARS);
  return `${mediaName(optionsOf(post).slug, index)}-${digest}`;
}

async function wholeVideo(session: PlatformSession, item: MediaItem): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(item.sizeBytes);
  let filled = 0;
  for await (const chunk of session.media.chunks(item.url, item, CHUNK_BYTES)) {
    bytes.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return bytes;
}

function savedAt(session: PlatformSession, index: number): z.infer<typeof savedSchema> | undefined {
  return savedSchema.safeParse(session.remote.get(keyOf(index))).data;
}

function keyOf(index: number): string {
  return `media.${index}`;
}
