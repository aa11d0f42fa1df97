// No form is longer than what it can hold, so that nobody fills the memory with one: who is not signed in sends forms too.
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { PagesDeps, PagesEnv } from '../deps.ts';
import { PageRefused } from '../page-refused.ts';

/** The addresses to which files are sent: they may be long and take their time, and hold themselves to limits of their own. */
const FILES = /^\/(?:schedules\/[^/]+\/media\/\d+|runs\/[^/]+\/submit|proof\/verify)$/;

/** Whether a page at this path takes a file. */
export const takesFile = (path: string): boolean => FILES.test(path);

/** A form writes a byte of a letter in three. */
const LETTERS_PER_BYTE = 3;

/** Lets no form pass that is longer than a request to the API could be, and reads no more of it than that. */
export function formLimit({ settings }: Pick<PagesDeps, 'settings'>): MiddlewareHandler<PagesEnv> {
  const onError = () => {
    throw new PageRefused(
      413,
      'The form is too long',
      'The form is longer than any form here, so nothing was changed; go back, make it shorter and send it again.',
    );
  };
  const limited = bodyLimit({ maxSize: settings.limits.requestBodyBytes * LETTERS_PER_BYTE, onError });
  return async (c, next) => (takesFile(c.req.path) ? next() : limited(c, next));
}
