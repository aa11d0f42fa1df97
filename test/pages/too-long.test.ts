// No form is longer than what it can hold, whoever sends it; only where a file is sent may a request be long, and take its time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/app.ts';
import { createPages } from '../../src/pages/app.ts';
import { mayTakeItsTime } from '../../src/web/slow-requests.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { person, visitor } from './visitor.ts';

/** The least that the settings take; a form writes a byte of a letter in three. */
const REQUEST_BYTES = 1_024;
const FORM_BYTES = 3 * REQUEST_BYTES;

const TAKE_FILES = ['/proof/verify', '/runs/:id/submit', '/schedules/:id/media/:number'];

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage({ 'limits.request_body': REQUEST_BYTES });
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const built = () => {
  const doors = { trustedProxies: [], publicUrl: null, temporalUi: null, provider: null, signsInByLink: true };
  return { ...stage.context, client: stage.temporal, ...doors };
};
const posts = (routes: readonly { readonly method: string; readonly path: string }[]) => [
  ...new Set(routes.flatMap(({ method, path }) => (method === 'POST' ? [path] : []))),
];
const filled = (path: string) => path.replace(':number', '1').replace(/:\w+/g, 'any');

describe('a form that is too long', () => {
  const send = (path: string, sessionId: string) =>
    visitor(api.url, sessionId).post(filled(path), { note: 'a'.repeat(FORM_BYTES) });

  it('is refused in one sentence at every address that takes no file', async () => {
    const { sessionId } = await person(stage, { role: 'admin' });
    for (const path of posts(createPages(built()).routes)) {
      const { status, text } = await send(path, sessionId);
      expect([path, status === 413]).toEqual([path, !TAKE_FILES.includes(path)]);
      if (status === 413) {
        expect(text).toContain(
          'The form is longer than any form here, so nothing was changed; go back, make it shorter and send it again.',
        );
      }
    }
  });

  it('is not read to its end where nobody is signed in, and its sender never says how long it is', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += REQUEST_BYTES;
        controller.enqueue(new Uint8Array(REQUEST_BYTES).fill(0x61));
      },
    });
    const answer = await fetch(`${api.url}/review/any`, {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(64 * 1_024 * 1_024);
  });

  it('of usual length passes', async () => {
    const { status } = await visitor(api.url).post('/review/any', { note: 'a'.repeat(REQUEST_BYTES) });
    expect(status).toBe(404);
  });
});

it('a request may take its time exactly where a file is sent', () => {
  const slow = (paths: readonly string[]) => paths.filter((path) => mayTakeItsTime(filled(path))).toSorted();
  expect(slow(posts(createPages(built()).routes))).toEqual(TAKE_FILES);
  expect(slow(posts(createApi(built()).routes))).toEqual(['/api/media', '/api/runs', '/api/runs/:id/submit']);
  expect(slow(['/api/media/any', '/schedules/any/media', '/proof'])).toEqual([]);
});
