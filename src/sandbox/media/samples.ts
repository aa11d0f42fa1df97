// The sample media the sandbox serves, so that platforms which fetch media themselves have something real to fetch.
import { Hono } from 'hono';
import type { SandboxEnv } from '../request.ts';
import { makeGif, makePng } from './images.ts';
import { makeJpeg } from './jpeg.ts';
import { makeMp4 } from './mp4.ts';

/** The bytes of every sample by its file name. */
export function makeSamples(): Map<string, { type: string; bytes: Buffer }> {
  return new Map([
    ['sample.jpg', { type: 'image/jpeg', bytes: makeJpeg(40, (column, row) => 60 + (column + row) * 2) }],
    ['second.jpg', { type: 'image/jpeg', bytes: makeJpeg(40, (column, row) => 60 + (39 - column + row) * 2) }],
    ['sample.png', { type: 'image/png', bytes: makePng(320, 320, (x, y) => (x + y) % 256) }],
    ['sample.gif', { type: 'image/gif', bytes: makeGif(64, 2, (x, y, frame) => x + y + frame * 32) }],
    ['sample.mp4', { type: 'video/mp4', bytes: makeMp4() }],
  ]);
}

/** Serves the samples under `/media`. */
export function sampleMedia(): Hono<SandboxEnv> {
  const samples = makeSamples();
  const app = new Hono<SandboxEnv>();
  app.get('/:name', (c) => {
    const sample = samples.get(c.req.param('name'));
    if (!sample) return c.text('There is no such sample.', 404);
    return c.body(new Uint8Array(sample.bytes), 200, { 'content-type': sample.type });
  });
  return app;
}
