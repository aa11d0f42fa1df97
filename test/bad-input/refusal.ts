// A refusal as every door tells it, with what differs from run to run taken out.
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { ExpectedProblem } from './bad-post.ts';

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly ExpectedProblem[];
}

const refusalSchema = z.object({
  code: z.string(),
  message: z.string(),
  problems: z
    .array(z.object({ field: z.string(), problem: z.string(), limit: z.string().exactOptional() }))
    .default([]),
});

/** Reads a refusal from whatever carries one. */
export function readRefusal(value: unknown): Refusal {
  return refusalSchema.parse(JSON.parse(settled(JSON.stringify(value))));
}

/** Instants and ids become `<instant>` and `<id>`. */
export function settled(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<instant>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>');
}

/** The refusal a workflow ended with: final, typed, with its details. */
export function refusalOfRun(error: unknown): Refusal & { readonly type: string } {
  if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
  const { type, message, details, nonRetryable } = error.cause;
  if (!nonRetryable) throw new TypeError(`${type} is not final`);
  return { type: type ?? '', ...readRefusal({ code: type, ...Object(details?.[0]), message }) };
}

/** The sentence the doors must say, by the meaning of the code as a person reads it. */
export function sentence(code: keyof typeof SENTENCES, problems: readonly ExpectedProblem[]): string {
  const words = problems.map(({ field, problem, limit }) => {
    const what = [field, problem].filter(Boolean).join(' ');
    return limit === undefined || problem.includes(limit) ? what : `${what} (${limit})`;
  });
  return `${SENTENCES[code]}: ${words.join('; ')}.`;
}

const SENTENCES = {
  invalid_schedule: 'The schedule was refused and nothing was stored',
  unknown_account: 'The account is not known and nothing was stored',
  ambiguous_account: 'The account is ambiguous and nothing was stored',
  unknown_workspace: 'The workspace is not known and nothing was stored',
  schedule_conflict: 'The id belongs to another schedule and nothing was changed',
  invalid_request: 'The request was refused and nothing was changed',
} as const;
