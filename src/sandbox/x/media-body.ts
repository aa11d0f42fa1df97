// The body of X's media calls: multipart with a file, or JSON with the file in base64.
import { z } from 'zod';
import { jsonOf, type SandboxRequest } from '../request.ts';

/** The file, and the other fields as text. */
export type MediaBody = { bytes: Buffer; fields: Record<string, string> };

const jsonSchema = z.looseObject({ media: z.base64() });

/** Reads the body; undefined when it holds no file. */
export async function readMedia(request: SandboxRequest): Promise<MediaBody | undefined> {
  const contentType = request.header('content-type') ?? '';
  if (!contentType.startsWith('multipart/form-data')) return readJson(request);
  const body = new Uint8Array(request.bytes);
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData().catch(() => undefined);
  if (!form) return undefined;
  const fields: Record<string, string> = {};
  let bytes: Buffer | undefined;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else if (name === 'media') bytes = Buffer.from(await value.arrayBuffer());
  }
  return bytes && { bytes, fields };
}

function readJson(request: SandboxRequest): MediaBody | undefined {
  const parsed = jsonSchema.safeParse(jsonOf(request));
  if (!parsed.success) return undefined;
  const { media, ...rest } = parsed.data;
  const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return { bytes: Buffer.from(media, 'base64'), fields };
}
