// The error envelope that all Meta platforms share, read into plain facts (platform reference, section 1).
import { z } from 'zod';
import { bodyJson, type HttpAnswer } from '../../transport/exchange.ts';

/** What a Graph answer says about its own refusal. Codes are text, since the tables name them so. */
export interface GraphError {
  readonly code?: string | undefined;
  readonly subcode?: string | undefined;
  /** The platform's own sentence, in the caller's locale; not yet redacted. */
  readonly message: string;
  /** The platform says itself that it passes. */
  readonly transient: boolean;
  /** In Meta's own form: with a code, and with what nobody else writes beside one. */
  readonly isMetas: boolean;
}

const codeSchema = z.union([z.int(), z.string().min(1)]).transform(String);

const envelopeSchema = z.object({
  error: z.object({
    // Meta documents a type and a trace id in every envelope; others write errors with a message and a code too.
    type: z.string().nullish().catch(null),
    fbtrace_id: z.string().nullish().catch(null),
    code: codeSchema.nullish(),
    error_subcode: codeSchema.nullish(),
    message: z.string().nullish(),
    error_user_msg: z.string().nullish(),
    is_transient: z.boolean().nullish().catch(null),
  }),
});

/**
 * Reads the envelope, or null when the answer holds none: HTML from the edge, an empty body, another shape.
 * `type` is not read: throttles carry `OAuthException` as well.
 */
export function graphErrorIn(answer: HttpAnswer): GraphError | null {
  const envelope = envelopeSchema.safeParse(bodyJson(answer));
  if (envelope.success) {
    const { code, error_subcode: subcode, message, error_user_msg: hint, is_transient, ...own } = envelope.data.error;
    return {
      code: code ?? undefined,
      subcode: subcode ?? undefined,
      message: hint ? `${message ?? ''} (${hint})`.trim() : (message ?? ''),
      transient: is_transient === true,
      isMetas: Boolean(code && (own.type || own.fbtrace_id || subcode || typeof is_transient === 'boolean')),
    };
  }
  const challenge = TOKEN_REFUSED.exec(answer.headers['www-authenticate'] ?? '');
  return challenge ? { code: '190', message: challenge[1] ?? '', transient: false, isMetas: true } : null;
}

/**
 * A token failure names itself in a header too, which outlives a body that cannot be read. Only in Meta's own form: any
 * gateway may ask for a token of its own.
 */
const TOKEN_REFUSED = /^OAuth "Facebook Platform" "invalid_token" "([^"]*)"/;

/**
 * Whether a refusal is the platform's own word. A throttle means one thing without a word too; a gateway's
 * `{"error":{"code":403,"message":"Forbidden"}}` means nothing.
 */
export function isWorded(answer: HttpAnswer): boolean {
  return answer.status === 429 || graphErrorIn(answer)?.isMetas === true;
}
