// Instagram fetches media itself, over HTTP, and looks inside: no redirects, no partial answers, no other formats.
import { inspectMedia } from '../media/inspect.ts';

/** What came of a fetch: why the media is refused, or that it is good. */
export type Fetched =
  | 'good'
  | 'unfetchable'
  | 'download_timeout'
  | 'image_too_large'
  | 'image_format'
  | 'aspect_ratio'
  | 'video_too_large'
  | 'video_format';

const maxImageBytes = 8 * 1024 ** 2;
const maxVideoBytes = 300 * 1024 ** 2;
const headBytes = 256 * 1024;

/** Fetches an image and checks it: JPEG, at most 8 MiB, between 4:5 and 1.91:1. */
export async function fetchImage(url: string, timeoutMs: number): Promise<Fetched> {
  const head = await download(url, timeoutMs, maxImageBytes);
  if (head === 'too_large') return 'image_too_large';
  if (typeof head === 'string') return head;
  const { kind, width, height } = inspectMedia(head);
  if (kind === 'unknown' || kind === 'mp4' || kind === 'mov') return 'unfetchable';
  if (kind !== 'jpeg') return 'image_format';
  const ratio = height === 0 ? 1 : width / height;
  return ratio < 0.8 || ratio > 1.91 ? 'aspect_ratio' : 'good';
}

/** Fetches a video and checks it: MP4 or MOV, at most 300 MB. */
export async function fetchVideo(url: string, timeoutMs: number): Promise<Fetched> {
  const head = await download(url, timeoutMs, maxVideoBytes);
  if (head === 'too_large') return 'video_too_large';
  if (typeof head === 'string') return head;
  const { kind } = inspectMedia(head);
  return kind === 'mp4' || kind === 'mov' ? 'good' : 'video_format';
}

/** Reads the whole body, keeping only its head. */
async function download(
  url: string,
  timeoutMs: number,
  maxBytes: number,
): Promise<Buffer | 'unfetchable' | 'download_timeout' | 'too_large'> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { redirect: 'manual', signal: timeout });
    if (response.status !== 200 || !response.body) {
      await response.body?.cancel();
      return 'unfetchable';
    }
    const head: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of response.body) {
      if (sizeBytes < headBytes) head.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) return 'too_large';
    }
    return Buffer.concat(head);
  } catch {
    return timeout.aborted ? 'download_timeout' : 'unfetchable';
  }
}
