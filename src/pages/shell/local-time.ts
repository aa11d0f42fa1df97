// Times in forms: what a browser's field for a date and a time holds, read in the viewer's zone.
import { instantOfLocal, localOf } from '../../domain/text/local-time.ts';
import type { PageContext } from '../deps.ts';

/** The instant a viewer means, as ISO 8601 in UTC; null when it is none. */
export function readLocalTime(c: PageContext, text: string): string | null {
  return instantOfLocal(text, c.get('zone'))?.toISOString() ?? null;
}

/** An instant as such a field holds it. */
export function writeLocalTime(c: PageContext, at: Date | string): string {
  return localOf(new Date(at), c.get('zone'));
}
