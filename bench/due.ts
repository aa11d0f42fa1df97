// From the due time of a scheduled post to the first byte that the platform receives of it.
import { connectAccounts, onStage, quantile, rounded, start, takeInText } from './stage.ts';

const POSTS = 100;
const AHEAD_MS = 20_000;
const APART_MS = 250;

export function due(): Promise<{ p50Ms: number; p99Ms: number }> {
  return onStage({}, async (stage) => {
    await stage.startShippedWorker();
    const accounts = await connectAccounts(stage, 10);
    const firstMs = Date.now() + AHEAD_MS;
    const planned: { handle: { result(): Promise<unknown> }; dueMs: number; text: string }[] = [];
    for (let index = 0; index < POSTS; index += 1) {
      const dueMs = firstMs + index * APART_MS;
      const text = `due ${index}`;
      const account = accounts[index % accounts.length]?.name ?? '';
      planned.push({
        handle: await start(stage, await takeInText(stage, account, text, new Date(dueMs))),
        dueMs,
        text,
      });
    }
    await Promise.all(planned.map(({ handle }) => handle.result()));
    const live = await stage.sandbox.live({ platform: 'x' });
    const arrived = new Map(live.map((post) => [post.text, post.createdAtMs]));
    const lateMs = planned.map(({ text, dueMs }) => (arrived.get(text) ?? Number.NaN) - dueMs);
    if (lateMs.some((ms) => ms < 0)) throw new TypeError('a post went out before its time');
    return { p50Ms: rounded(quantile(lateMs, 0.5), 0), p99Ms: rounded(quantile(lateMs, 0.99), 0) };
  });
}
