// How long a request may take to arrive. Only a file may take its time: whatever else comes too slowly holds a connection for
// nothing.
import type { IncomingMessage } from 'node:http';
import { takesFile } from '../pages/session/form-limit.ts';

/** A request must have arrived whole within this, one with a file in it within the longer. */
export const REQUEST_MS = 30_000;
export const UPLOAD_MS = 3_600_000;

const API_FILES = /^\/api\/(?:media|runs(?:\/[^/]+\/submit)?)$/;

/** Whether files are sent to this path. */
export const mayTakeItsTime = (path: string): boolean => API_FILES.test(path) || takesFile(path);

/** Ends a request that has not arrived in time. */
export function cutOffWhenSlow(request: IncomingMessage): void {
  const [path = ''] = (request.url ?? '').split('?');
  if (mayTakeItsTime(path)) return;
  const cut = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, REQUEST_MS).unref();
  request.once('close', () => clearTimeout(cut));
}
