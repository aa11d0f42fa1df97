// Durations in temporal.yaml: what a person may write, and how a refusal writes it back.
import { describe, expect, test } from 'vitest';
import { formatDurationMs, parseDurationMs } from '../../src/runtime/settings/duration.ts';

describe('a duration is a whole number and a unit', () => {
  test.each([
    ['250ms', 250],
    ['15s', 15_000],
    ['2m', 120_000],
    ['6h', 21_600_000],
    ['30d', 2_592_000_000],
    ['0ms', 0],
  ])('%s is %i milliseconds', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs);
  });

  test.each([
    '',
    '15',
    's',
    '-5s',
    '1.5h',
    '15 s',
    '15S',
    '1w',
    '1y',
    '15seconds',
    '1h30m',
    ' 15s',
    '15s\n',
    '1e3s',
    '٣s',
  ])('%j is not one', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  test.each([
    [0, '0ms'],
    [1500, '1500ms'],
    [15_000, '15s'],
    [90_000, '90s'],
    [120_000, '2m'],
    [86_400_000, '1d'],
  ])('%i milliseconds are written %s', (durationMs, text) => {
    expect(formatDurationMs(durationMs)).toBe(text);
  });
});
