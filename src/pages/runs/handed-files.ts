// What a form hands in: texts that were typed, and pictures that were chosen.
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isGroup } from '../../domain/pipeline/artifact-names.ts';
import type { HandedFiles } from '../../domain/pipeline/run-request.ts';
import type { PageContext, PagesDeps, PagesEnv } from '../deps.ts';
import { PageRefused } from '../page-refused.ts';

const FIELD = 'file:';

/** Lets no form pass that is larger than what may be handed in at once. */
export function filesLimit({ settings }: Pick<PagesDeps, 'settings'>): MiddlewareHandler<PagesEnv> {
  const maxSize = settings.limits.handedFilesBytes;
  const onError = () => {
    throw new PageRefused(
      413,
      'The files are too large',
      `Together they have more than ${maxSize} bytes, so nothing was handed in; go back and hand in smaller ones.`,
    );
  };
  return bodyLimit({ maxSize, onError });
}

/** By the names under which they are handed in. Whether the form is ours is still to be asked. */
export async function handedFiles(c: PageContext): Promise<HandedFiles> {
  const files: Record<string, HandedFiles[string]> = {};
  for (const [field, values] of Object.entries(await c.req.parseBody({ all: true }))) {
    if (!field.startsWith(FIELD)) continue;
    const wanted = field.slice(FIELD.length);
    for (const value of Array.isArray(values) ? values : [values]) {
      // A browser sends every line's end as CRLF, whatever it was; of a field without a file it sends one without a name.
      if (typeof value === 'string') files[wanted] = value.replaceAll('\r\n', '\n');
      else if (value.name !== '') files[nameOf(wanted, value)] = { base64: await base64Of(value) };
    }
  }
  return files;
}

/** Of many that are chosen in one field each has a name of its own. */
const nameOf = (wanted: string, { name }: File): string => (isGroup(wanted) ? name : wanted);

const base64Of = async (file: File): Promise<string> => Buffer.from(await file.arrayBuffer()).toString('base64');
