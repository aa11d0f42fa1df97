// From what a tool or its server said to a cause of ours (platform reference 9.4 and 9.6). Pure, never throws.
import { z } from 'zod';
import {
  CAUSE_CODES,
  type Cause,
  type CauseCode,
  cause,
  type RateWindow,
  type Stage,
} from '../../domain/causes/causes.ts';
import { toPlainText } from '../../domain/text/plain-text.ts';
import { redact } from '../../domain/text/redact.ts';
import { payloadsOf, type ToolResult, textOf } from './payload.ts';

export const PLATFORM = 'mcp';

/** What a tool may say in a structured error: a code of ours, that it has done nothing, and when to ask again. */
const errorSchema = z.looseObject({
  error: z.looseObject({
    code: z.union([z.string(), z.number()]).optional().catch(undefined),
    message: z.string().optional().catch(undefined),
    /** False: the tool says itself that nothing was done. */
    executed: z.boolean().optional().catch(undefined),
    retry_after: z.number().positive().max(90_000).optional().catch(undefined),
  }),
});

export interface ToldError {
  readonly code: CauseCode;
  readonly source: Cause['source'];
  readonly text: string;
  readonly executed: boolean | null;
  readonly retryAfterSeconds: number | null;
}

/** What a result that is an error says. */
export function toldError(result: ToolResult): ToldError {
  const structured = payloadsOf(result)
    .map((payload) => errorSchema.safeParse(payload).data?.error)
    .find((error) => error !== undefined);
  const text = structured?.message ?? textOf(result);
  const told = CAUSE_CODES.safeParse(structured?.code);
  return {
    code: told.success ? told.data : codeOfText(text),
    source: told.success ? 'raw_error_signature' : 'normalized_bucket',
    text,
    executed: structured?.executed ?? null,
    retryAfterSeconds: structured?.retry_after ?? null,
  };
}

/** No standard has codes for what goes wrong in a tool; whole words, so that "generated" is no rate. */
const WORDS: readonly (readonly [RegExp, CauseCode])[] = [
  [/\brate\b|\b429\b|\btoo many\b|\bthrottl/i, 'rate_limited'],
  [/\bexpired\b/i, 'auth_expired'],
  [/\bunauthori[sz]ed\b|\bunauthenticated\b/i, 'auth_failed'],
  [/\bforbidden\b|\bscopes?\b/i, 'permissions_missing'],
  [/\b(?:media|images?|videos?)\b/i, 'media_invalid'],
];

export function codeOfText(text: string): CauseCode {
  return WORDS.find(([words]) => words.test(text))?.[1] ?? 'publish_failed';
}

export interface CauseFacts {
  readonly code: CauseCode;
  readonly stage: Stage;
  readonly source?: Cause['source'];
  /** Our own sentence. */
  readonly text: string;
  /** The server's own words, where it said any. */
  readonly said?: string;
  readonly httpStatus?: number;
  readonly resumeAt?: string | undefined;
}

const WINDOW: Readonly<Partial<Record<Stage, RateWindow>>> = { create: 'create' };

export function mcpCause({
  code,
  stage,
  source = 'status_only',
  text,
  said = '',
  httpStatus,
  resumeAt,
}: CauseFacts): Cause {
  const words = toPlainText(redact(said, null), 300).trim();
  return cause({
    code,
    source,
    platform: PLATFORM,
    stage,
    externalText: words === '' ? text : `${text} It said: ${words}`,
    rawText: toPlainText(redact(said, null), 4_000),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(resumeAt === undefined ? {} : { resumeAt }),
    ...(code === 'rate_limited' ? { window: WINDOW[stage] ?? 'read' } : {}),
  });
}

const LONGEST_WAIT_MS = 25 * 3_600_000;

/** The ISO instant that a wait of so many seconds, or `Retry-After`, names; undefined where it names none that is believed. */
export function resumeAfter(told: string | number | null | undefined, now: Date): string | undefined {
  const text = String(told ?? '').trim();
  const atMs = /^\d{1,9}(?:\.\d+)?$/.test(text) ? now.getTime() + Number(text) * 1_000 : Date.parse(text);
  const waitMs = atMs - now.getTime();
  return waitMs > 0 && waitMs <= LONGEST_WAIT_MS ? new Date(Math.ceil(atMs)).toISOString() : undefined;
}
