// Durations as temporal.yaml writes them: a whole number and one of the units ms, s, m, h, d.
import ms from 'ms';
import { z } from 'zod';

function isDuration(text: string): text is ms.StringValue {
  return /^\d{1,9}(ms|s|m|h|d)$/.test(text);
}

/** `90s` → 90000; undefined when the text is no duration. */
export function parseDurationMs(text: string): number | undefined {
  return isDuration(text) ? ms(text) : undefined;
}

/** 90000 → `90s`, 120000 → `2m`: the largest unit that divides it, as a person would write it in the file. */
export function formatDurationMs(durationMs: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const unitMs = ms(`1${unit}`);
    if (durationMs >= unitMs && durationMs % unitMs === 0) return `${durationMs / unitMs}${unit}`;
  }
  return `${durationMs}ms`;
}

/** A duration between two bounds (both allowed, written as durations), read as milliseconds. */
export function duration(shortest: ms.StringValue, longest: ms.StringValue) {
  const shortestMs = ms(shortest);
  const longestMs = ms(longest);
  const allowed = `a duration from ${shortest} to ${longest}, written as a whole number and a unit (ms, s, m, h or d)`;
  return z.string({ error: allowed }).transform((text, context) => {
    const durationMs = parseDurationMs(text);
    if (durationMs !== undefined && durationMs >= shortestMs && durationMs <= longestMs) return durationMs;
    context.addIssue({ code: 'custom', message: allowed, input: text });
    return z.NEVER;
  });
}
