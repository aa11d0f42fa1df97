// When a throttled account may be asked again: Meta's own minutes first, then what the refusal is known to need, then
// by how far the budget is overdrawn.
import { describe, expect, it } from 'vitest';
import { INSTAGRAM_PAUSES, quotaResumeInstant } from '../../../src/platforms/instagram/rate-limit.ts';
import { resumeInstant } from '../../../src/platforms/meta/back-off.ts';
import { graphErrorIn } from '../../../src/platforms/meta/graph-error.ts';
import { refusalOf } from './answers.ts';

const NOW = new Date('2026-03-01T06:00:00Z');

function resume(error: { code: number; subcode?: number }, headers: Record<string, string> = {}): string {
  const answer = refusalOf(400, error, headers);
  return resumeInstant(answer, graphErrorIn(answer), NOW, INSTAGRAM_PAUSES);
}

function businessUsage(minutes: number, percent = 95): Record<string, string> {
  const entry = { type: 'instagram', call_count: percent, total_cputime: 20, total_time: 20 };
  const usage = { '17841400000000001': [{ ...entry, estimated_time_to_regain_access: minutes }] };
  return { 'x-business-use-case-usage': JSON.stringify(usage) };
}

function appUsage(percent: number): Record<string, string> {
  return { 'x-app-usage': JSON.stringify({ call_count: percent, total_cputime: 25, total_time: 25 }) };
}

describe('a throttled account', () => {
  it('waits the minutes Meta names', () => {
    expect(resume({ code: 80002 }, businessUsage(19))).toBe('2026-03-01T06:19:00.000Z');
  });

  it('waits the longest of several budgets', () => {
    const entry = { type: 'instagram', call_count: 100, total_cputime: 1, total_time: 1 };
    const usage = {
      a: [{ ...entry, estimated_time_to_regain_access: 3 }],
      b: [
        { ...entry, estimated_time_to_regain_access: 40 },
        { ...entry, estimated_time_to_regain_access: 0 },
      ],
    };
    const headers = { 'x-business-use-case-usage': JSON.stringify(usage) };
    expect(resume({ code: 4 }, headers)).toBe('2026-03-01T06:40:00.000Z');
  });

  it('waits the seconds of Retry-After', () => {
    expect(resume({ code: 4 }, { 'retry-after': '90' })).toBe('2026-03-01T06:01:30.000Z');
  });

  it('waits five minutes when nothing says how long', () => {
    expect(resume({ code: 4 })).toBe('2026-03-01T06:05:00.000Z');
    expect(resume({ code: 4 }, appUsage(100))).toBe('2026-03-01T06:05:00.000Z');
    expect(resume({ code: 80002 }, businessUsage(0))).toBe('2026-03-01T06:05:00.000Z');
  });

  it('waits by how far the hour is overdrawn, and never beyond it', () => {
    expect(resume({ code: 4 }, appUsage(150))).toBe('2026-03-01T06:30:00.000Z');
    expect(resume({ code: 4 }, businessUsage(0, 400))).toBe('2026-03-01T07:00:00.000Z');
  });

  it('does not hammer a spam block', () => {
    expect(resume({ code: 368 })).toBe('2026-03-01T12:00:00.000Z');
    expect(resume({ code: 4, subcode: 2207051 })).toBe('2026-03-01T12:00:00.000Z');
    expect(resume({ code: 368 }, businessUsage(600))).toBe('2026-03-01T16:00:00.000Z');
  });

  it('asks again after an hour when the daily quota is used up', () => {
    expect(resume({ code: 9, subcode: 2207042 })).toBe('2026-03-01T07:00:00.000Z');
  });

  it('ignores usage headers that cannot be read', () => {
    for (const header of ['', 'nonsense', '[]', '{"a":1}', '{"a":[{"estimated_time_to_regain_access":"soon"}]}']) {
      const headers = { 'x-business-use-case-usage': header, 'x-app-usage': header };
      expect(resume({ code: 4 }, headers)).toBe('2026-03-01T06:05:00.000Z');
    }
  });
});

describe('a spent daily quota', () => {
  const DAY_MS = 86_400_000;
  const posts = ['2026-02-28T20:00:00Z', '2026-02-28T07:30:00Z', '2026-03-01T05:00:00Z'].map((text) => new Date(text));

  it('has room when the oldest post leaves the window', () => {
    expect(quotaResumeInstant(posts, 1, DAY_MS, NOW).toISOString()).toBe('2026-03-01T07:30:00.000Z');
  });

  it('waits for as many posts as it is overdrawn', () => {
    expect(quotaResumeInstant(posts, 2, DAY_MS, NOW).toISOString()).toBe('2026-03-01T20:00:00.000Z');
  });

  it('is asked again after an hour when the list does not tell', () => {
    expect(quotaResumeInstant([], 1, DAY_MS, NOW).toISOString()).toBe('2026-03-01T07:00:00.000Z');
    expect(quotaResumeInstant(posts, 4, DAY_MS, NOW).toISOString()).toBe('2026-03-01T07:00:00.000Z');
  });
});
