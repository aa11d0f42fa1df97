// Who may stand by for an account that a publish of the same worker holds, and in which order they go through.
import { expect, it } from 'vitest';
import { createTurnstile } from '../../src/publishing/attempt/turnstile.ts';

const NEVER = new AbortController().signal;
const LONG_MS = 60_000;

it('nobody stands by where nobody here holds the account', async () => {
  expect(await createTurnstile({ perAccount: 2, inAll: 9 }).stand('a', LONG_MS, NEVER)).toBe(false);
});

it('they go through one after the other, in the order in which they came', async () => {
  const turnstile = createTurnstile({ perAccount: 2, inAll: 9 });
  const order: string[] = [];
  const leave = turnstile.hold('a');
  const first = turnstile.stand('a', LONG_MS, NEVER).then((called) => order.push(`first ${called}`));
  const second = turnstile.stand('a', LONG_MS, NEVER).then((called) => order.push(`second ${called}`));
  leave();
  // Called once, whatever the holder says twice.
  leave();
  await first;
  expect(order).toEqual(['first true']);
  turnstile.hold('a')();
  await second;
  expect(order).toEqual(['first true', 'second true']);
});

it('few stand for one account, and few in all', async () => {
  const turnstile = createTurnstile({ perAccount: 1, inAll: 2 });
  const leaves = ['a', 'b', 'c'].map((account) => turnstile.hold(account));
  const standing = [turnstile.stand('a', LONG_MS, NEVER), turnstile.stand('b', LONG_MS, NEVER)];
  expect(await turnstile.stand('a', LONG_MS, NEVER)).toBe(false);
  expect(await turnstile.stand('c', LONG_MS, NEVER)).toBe(false);
  for (const leave of leaves) leave();
  expect(await Promise.all(standing)).toEqual([true, true]);
});

it('it is over when the time is up, or when the publish is withdrawn', async () => {
  const turnstile = createTurnstile({ perAccount: 2, inAll: 2 });
  turnstile.hold('a');
  expect(await turnstile.stand('a', 1, NEVER)).toBe(false);
  const withdrawn = new AbortController();
  const standing = turnstile.stand('a', LONG_MS, withdrawn.signal);
  withdrawn.abort();
  expect(await standing).toBe(false);
});
