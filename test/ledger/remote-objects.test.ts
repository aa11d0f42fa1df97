// Remote ids carry the fence of the attempt that saved them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AttemptSuperseded } from '../../src/ledger/intents/commit-intent.ts';
import { dropRemoteObject, readRemoteObjects, saveRemoteObject } from '../../src/ledger/posts/remote-objects.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { taken } from '../publishing/passes.ts';
import { openShop } from '../workflow/shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it("a zombie replaces no remote id of a later attempt's, forgets none, and learns that it was overtaken", async () => {
  const { ledger } = stage.context;
  const schedule = stage.keyOf(await taken(stage, await openShop(stage)));
  const saved = async () => Object.fromEntries(await readRemoteObjects(ledger, schedule));
  await saveRemoteObject(ledger, { schedule, fence: 1 }, 'container', { id: 'first' });
  await saveRemoteObject(ledger, { schedule, fence: 2 }, 'container', { id: 'second' });
  const late = saveRemoteObject(ledger, { schedule, fence: 1 }, 'container', { id: 'zombie' });
  await expect(late).rejects.toBeInstanceOf(AttemptSuperseded);
  await dropRemoteObject(ledger, { schedule, fence: 1 }, 'container');
  expect(await saved()).toEqual({ container: { id: 'second' } });
  await dropRemoteObject(ledger, { schedule, fence: 2 }, 'container');
  expect(await saved()).toEqual({});
});
