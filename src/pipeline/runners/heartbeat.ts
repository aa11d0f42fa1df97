// Says that an attempt is alive while its work is waited for.
import type { StageControl } from './runner.ts';

const EVERY_MS = 1_000;

export async function whileBeating<Value>(control: StageControl, work: () => Promise<Value>): Promise<Value> {
  control.heartbeat();
  const beat = setInterval(() => control.heartbeat(), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
