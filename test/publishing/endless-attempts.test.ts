// A publish that never comes to an end is not tried for ever: it becomes an item that a person sees (law 8).
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoints } from '../../src/publishing/attempt/points.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { listen } from '../transport/wire-server.ts';
import { openShop } from '../workflow/shop.ts';
import { pass, recordOf, say, stopAt, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    'timeouts.attempt': '7s',
    'timeouts.heartbeat': '900ms',
    'timeouts.media_processing': '100ms',
    'timers.unreachable_tries': 2,
  });
});
afterAll(() => stage.close());

describe('a publish that loses its worker every time', () => {
  /** A pass whose worker is taken away at a named point, as by the system when its memory is used up. */
  const lostAt = async (scheduleId: string, point: string) => {
    const gone = new AbortController();
    const points: CrashPoints = {
      async reach(reached) {
        if (reached === point) gone.abort();
      },
    };
    const control = { heartbeat: () => {}, callNext: async () => {}, withdrawn: gone.signal };
    await expect(pass(stage, scheduleId, { points }, control)).rejects.toMatchObject({ name: 'AttemptStopped' });
  };
  const times = (count: number) => Array.from({ length: count }, (_, index) => index);

  it('is given up after ten attempts, unsent, and a replay begins to count anew', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    for (const _ of times(10)) await lostAt(scheduleId, 'prepared');
    const result = await pass(stage, scheduleId);
    expect(result).toMatchObject({ state: 'failed', attempts: 11, cause: { code: 'unknown' } });
    expect(result.cause?.text).toMatch(
      /^10 attempts in a row were cut off.+Nothing of it is known to be live; replay it/,
    );
    expect(await shop.creates()).toBe(0);
    await say(stage, scheduleId, 'replay');
    await lostAt(scheduleId, 'prepared');
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', attempts: 13 });
    expect(await shop.creates()).toBe(1);
  });

  it('is given up when its call was permitted as often as the settings say, and proved absent each time', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const wakers: (() => Promise<unknown>)[] = [];
    const ended = await until('no other call is permitted', async () => {
      const gone = stopAt('after_intent');
      const frozen = pass(stage, scheduleId, { points: gone.points });
      const result = await Promise.race([frozen, gone.reached]);
      if (result) return result.state === 'failed' && result;
      wakers.push(() => {
        gone.release();
        return frozen.catch(() => undefined);
      });
      return false;
    });
    expect(ended).toMatchObject({ cause: { code: 'publish_failed' } });
    expect(ended.cause?.text).toBe('2 tries in a row made nothing live; what the last one sent never appeared.');
    expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['absent', 'refused'] });
    for (const wake of wakers) await wake();
    expect(await shop.creates()).toBe(0);
  });

  it('is left to a person when it may be live', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    const scheduleId = await taken(stage, shop);
    await pass(stage, scheduleId);
    for (const _ of times(10)) await lostAt(scheduleId, 'attempt_opened');
    const result = await pass(stage, scheduleId);
    expect(result).toMatchObject({ state: 'unconfirmed', cause: { code: 'unknown' } });
    expect(result.cause?.text).toMatch(/The post may be live; replay it to have the platform asked, or resolve it\.$/);
    await say(stage, scheduleId, 'replay');
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
  });
});

describe('a picture that comes too slowly for the time of an attempt', () => {
  it('is tried as often as the settings say, each try with its end, and then shown to a person', async () => {
    const body = Buffer.alloc(1_000_000);
    Buffer.from([0xff, 0xd8, 0xff, 0xe0]).copy(body);
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.byteLength });
      let sent = 0;
      const drip = setInterval(() => {
        response.write(body.subarray(sent, sent + 10));
        sent += 10;
      }, 50);
      response.on('close', () => clearInterval(drip));
    });
    const port = await listen(server);
    const shop = await openShop(stage);
    const url = `http://127.0.0.1:${port}/slow.jpg`;
    const media = [{ url, mediaType: 'image/jpeg', sizeBytes: body.byteLength }];
    const scheduleId = await taken(stage, shop, { media });
    const first = await pass(stage, scheduleId);
    expect(first).toMatchObject({ state: 'retry_later', cause: { code: 'child_create_failed' } });
    expect(first.cause?.text).toContain('ran out of its time');
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'failed', cause: { code: 'child_create_failed' } });
    expect(await recordOf(stage, scheduleId)).toMatchObject({ attempts: ['not_sent', 'refused'], intents: [] });
    expect(await shop.creates()).toBe(0);
    server.closeAllConnections();
    server.close();
  });
});
