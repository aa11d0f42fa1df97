// How an operation's answers are written down for OpenAPI: its own successes, and the envelope for the refusals it knows.
import type { z } from '@hono/zod-openapi';
import { API_PROBLEMS, type ApiProblem, errorBodySchema } from '../domain/api/api-problems.ts';

/** A JSON answer. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** The refusals an operation documents, by status; the codes of one status share a line. */
export function refusals(...codes: readonly ApiProblem[]) {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, means } = API_PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${means}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [status, json(errorBodySchema, lines.join('\n\n'))]),
  );
}

/** How an operation says in OpenAPI that it needs an API key. */
export const API_KEY_SECURITY = 'apiKey';
