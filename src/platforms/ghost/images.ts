// Uploads the post's pictures and remembers where Ghost serves them. An upload is invisible until a post names it; a second
// one of the same file lies there beside the first, and nobody sees it.
import { z } from 'zod';
import type { MediaItem } from '../../domain/schedules/post.ts';
import { MEDIA_ENDINGS, mediaName } from '../blog/media-name.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { ask } from './call.ts';
import { uploadedSchema } from './wire.ts';

const savedSchema = z.object({ url: z.string(), uploaded: z.string() });

/** Uploads each item that lies nowhere yet, saved at once. @throws StepRefused | StepUnanswered */
export async function uploadImages(session: PlatformSession, slug: string): Promise<void> {
  for (const [index, item] of session.post.content.media.entries()) {
    if (savedAt(session, index)?.url === item.url) continue;
    const name = `${mediaName(slug, index)}.${MEDIA_ENDINGS[item.mediaType]}`;
    const uploaded = await upload(session, item, name);
    await session.remote.save(keyOf(index), { url: item.url, uploaded });
    await session.reach('media_uploaded');
  }
}

/** Where Ghost serves each medium of the post, by the address it was given with. @throws StepUnanswered when one is missing */
export function uploadedImages(session: PlatformSession): ReadonlyMap<string, string> {
  return new Map(
    session.post.content.media.map(({ url }, index) => {
      const saved = savedAt(session, index);
      if (saved?.url !== url) throw new StepUnanswered('media', `the upload of picture ${index + 1} is not on record`);
      return [url, saved.uploaded];
    }),
  );
}

async function upload(session: PlatformSession, item: MediaItem, name: string): Promise<string> {
  const form = new FormData();
  const bytes = await session.media.picture(item);
  form.append('file', new Blob([Uint8Array.from(bytes)], { type: item.mediaType }), name);
  form.append('purpose', 'image');
  const encoded = new Response(form);
  const { url } = await ask(session, {
    method: 'POST',
    path: 'images/upload/',
    body: await encoded.bytes(),
    contentType: encoded.headers.get('content-type') ?? 'multipart/form-data',
    stage: 'media',
    schema: uploadedSchema,
  });
  return url;
}

function savedAt(session: PlatformSession, index: number): z.infer<typeof savedSchema> | undefined {
  return savedSchema.safeParse(session.remote.get(keyOf(index))).data;
}

function keyOf(index: number): string {
  return `image.${index}`;
}
