// A post's media are read when it is taken in, through every door alike: facts that were left out are filled in, wrong ones
// are refused with both values, and a host that is away stops only what cannot be stored without it.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { recodedVideo } from '../harness/recoded-video.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { phoneJpeg, phonePng } from '../transport/pictures.ts';
import { listen } from '../transport/wire-server.ts';
import { scheduleOf } from '../workflow/shop.ts';

let stage: Stage;
let api: TestApi;
let host: Server;
let hostUrl: string;
/** Every address that was asked for. */
let asked: string[];
const FILES = new Map<string, Buffer>([
  ['/photo.jpg', phoneJpeg(6)],
  ['/side.png', phonePng(6)],
  ['/moving.gif', makeSamples().get('sample.gif')?.bytes ?? Buffer.alloc(0)],
  ['/hevc.mp4', recodedVideo('hvc1')],
  ['/page', Buffer.from('<!doctype html>')],
]);

beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  await stage.connectSandboxAccount({ platform: 'x', name: 'on-x' });
  api = await openApi(stage);
  asked = [];
  host = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = FILES.get(request.url ?? '');
    if (file) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file);
    else response.writeHead(request.url === '/trouble' ? 503 : 404).end();
  });
  hostUrl = `http://127.0.0.1:${await listen(host)}`;
});
afterAll(async () => {
  host.closeAllConnections();
  host.close();
  await api.close();
  await stage.close();
});

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const post = (media: object, more: object = {}) => ({
  id: `m-${randomUUID()}`,
  account: 'on-x',
  publishAt: tomorrow(),
  media: [media],
  ...more,
});
const sent = (json: unknown) => api.ask('POST', '/api/schedules', { json });
const storedMedia = async (id: string) => (await scheduleOf(stage, id))?.content.media ?? [];

const SIDE = { mediaType: 'image/png', sizeBytes: phonePng(6).byteLength, widthPx: 20, heightPx: 30, animated: false };

describe('what the caller leaves out is read from the file', () => {
  it('through the API', async () => {
    const request = post({ url: `${hostUrl}/side.png`, altText: 'a hill' });
    expect((await sent(request)).status).toBe(201);
    expect(await storedMedia(request.id)).toEqual([{ url: `${hostUrl}/side.png`, altText: 'a hill', ...SIDE }]);
  });

  it('through a bare workflow start', async () => {
    const { id, ...schedule } = post({ url: `${hostUrl}/moving.gif` }, { workspace: WORKSPACE });
    const handle = await stage.startPublish(schedule);
    expect(id).not.toBe('');
    await expect
      .poll(() => storedMedia(handle.scheduleId).catch(() => null), { timeout: 120_000 })
      .toEqual([
        {
          url: `${hostUrl}/moving.gif`,
          mediaType: 'image/gif',
          sizeBytes: FILES.get('/moving.gif')?.byteLength,
          widthPx: 64,
          heightPx: 64,
          animated: true,
        },
      ]);
    await handle.signal('cancel');
  });

  it('through the command line, past any proxy', async () => {
    const id = `m-${randomUUID()}`;
    const args = ['publish', '--account', 'on-x', '--id', id, '--media', `${hostUrl}/side.png`, '--alt', 'a hill'];
    // Node's own fetch would take a call to this machine through a proxy that is not there.
    const proxies = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:1' };
    const env = { ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key, ...proxies };
    expect(await oncepost(args, env)).toMatchObject({ code: 0 });
    expect(await storedMedia(id)).toEqual([{ url: `${hostUrl}/side.png`, altText: 'a hill', ...SIDE }]);
  });

  it.each(['IMAGE/PNG; charset=binary', 'application/octet-stream', 'image/x-png'])(
    'where the caller says "%s"',
    async (mediaType) => {
      const request = post({ url: `${hostUrl}/side.png`, mediaType });
      expect((await sent(request)).status).toBe(201);
      expect(await storedMedia(request.id)).toMatchObject([SIDE]);
    },
  );

  it('also of what others call image/jpg', async () => {
    const request = post({ url: `${hostUrl}/photo.jpg`, mediaType: 'image/jpg' });
    expect((await sent(request)).status).toBe(201);
    expect(await storedMedia(request.id)).toMatchObject([{ mediaType: 'image/jpeg', widthPx: 320, heightPx: 320 }]);
  });
});

describe('what the caller says and the file contradicts is refused', () => {
  it.each([
    [{ mediaType: 'image/jpeg' }, 'mediaType', 'is image/jpeg, but the file itself says image/png', 'image/png'],
    [{ sizeBytes: 5 }, 'sizeBytes', `is 5, but the file itself says ${SIDE.sizeBytes}`, `${SIDE.sizeBytes}`],
    [{ widthPx: 30 }, 'widthPx', 'is 30, but the file itself says 20', '20'],
    [{ heightPx: 20 }, 'heightPx', 'is 20, but the file itself says 30', '30'],
    [{ animated: true }, 'animated', 'is true, but the file itself says false', 'false'],
  ])('%j', async (said, field, problem, limit) => {
    const request = post({ url: `${hostUrl}/side.png`, ...said });
    expect(await sent(request)).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_schedule', problems: [{ field: `media.0.${field}`, problem, limit }] } },
    });
    expect((await api.ask('GET', `/api/schedules/${request.id}`)).status).toBe(404);
  });

  it('and so is what is nothing that can be posted', async () => {
    const given = { url: `${hostUrl}/page`, mediaType: 'image/png', sizeBytes: 15 };
    const problem = 'is neither a JPEG, PNG, GIF or WebP picture nor an MP4 or QuickTime video';
    expect(await sent(post(given))).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_schedule', problems: [{ field: 'media.0.url', problem }] } },
    });
  });
});

describe('a file that cannot be read', () => {
  it('stops no post whose type and size are given', async () => {
    const given = { url: `${hostUrl}/trouble`, mediaType: 'image/png', sizeBytes: 1_000 };
    const request = post(given);
    expect((await sent(request)).status).toBe(201);
    expect(await storedMedia(request.id)).toEqual([given]);
  });

  it('is told as a host that is away, to be sent again', async () => {
    const answer = await sent(post({ url: `${hostUrl}/trouble`, sizeBytes: 1_000 }));
    expect(answer).toMatchObject({
      status: 503,
      body: {
        error: {
          code: 'media_unreachable',
          message: `A media file could not be read now and nothing was stored; send the same request again in a moment: media.0.url is not served: the answer was 503.`,
        },
      },
    });
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it('is told as refused where its server will not hand it out', async () => {
    expect(await sent(post({ url: `${hostUrl}/gone` }))).toMatchObject({
      status: 422,
      body: {
        error: {
          code: 'invalid_schedule',
          problems: [{ field: 'media.0.url', problem: 'is not served: the answer was 404' }],
        },
      },
    });
  });

  it('ends a bare start by type once it was tried again', async () => {
    const before = asked.length;
    const { id: _, ...schedule } = post({ url: `${hostUrl}/trouble` }, { workspace: WORKSPACE });
    const handle = await stage.startPublish(schedule);
    const failure = await handle.result().then(
      () => null,
      (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : error),
    );
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'IntakeRefused', details: [{ code: 'media_unreachable' }] });
    expect(asked.length - before).toBe(4);
  });
});

it('the same request sent again is the same schedule, also once its file is gone, and nothing is read for it', async () => {
  FILES.set('/here-for-now.png', phonePng(1));
  const request = post({ url: `${hostUrl}/here-for-now.png` });
  const first = await sent(request);
  expect(first).toMatchObject({ status: 201, body: { created: true } });
  FILES.delete('/here-for-now.png');
  const before = asked.length;
  expect(await sent(request)).toMatchObject({
    status: 200,
    body: { created: false, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect(asked).toHaveLength(before);
  const whole = { ...request, media: await storedMedia(request.id) };
  expect(await sent(whole)).toMatchObject({ status: 200, body: { created: false } });
  expect(await sent({ ...request, media: [{ url: `${hostUrl}/side.png` }] })).toMatchObject({
    status: 409,
    body: { error: { code: 'schedule_conflict' } },
  });
});

describe('a video', () => {
  it('of a codec that the destination does not take is refused at the border, where its file can be read', async () => {
    const video = { url: `${hostUrl}/hevc.mp4` };
    expect(await sent(post(video, { text: 'A film' }))).toMatchObject({
      status: 422,
      body: { error: { problems: [{ field: 'media.0.codecs', problem: 'HEVC: X does not take that' }] } },
    });
    // A file that is not there yet says nothing of itself; what it is counts in the evening before.
    const later = { ...video, url: `${hostUrl}/trouble`, mediaType: 'video/mp4', sizeBytes: 99 };
    expect((await sent(post(later, { text: 'A film' }))).status).toBe(201);
  });
});
