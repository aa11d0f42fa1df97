// The thin path: a text post to X, from a bare workflow start to live.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';

describe('a text post to X', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.startWorker();
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
  });
  afterAll(() => stage.close());

  it('goes live once, and the ledger knows its id and address', async () => {
    const handle = await stage.startPublish({ account: 'sandbox-x', text: 'Hello' });
    const result = await handle.result();
    const live = await stage.sandbox.live({ platform: 'x' });
    expect(live).toHaveLength(1);
    expect(result).toMatchObject({ state: 'published', platformPostId: live[0]?.id, attempts: 1, cause: null });
    expect(result.url).toBe(`https://x.com/i/web/status/${live[0]?.id}`);
  });
});
