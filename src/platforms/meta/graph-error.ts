// The error envelope that all Meta platforms share, read into plain facts (platform reference, section 1).
import { z } from 'zod';
import { bodyJson, type HttpAnswer } from '../../transport/exchange.ts';

/** What a Graph answer says about its own refusal. Codes are text, since the tables name them so. */
export interface GraphError {
  readonly code?: string | undefined;
  readonly subcode?: string | undefined;
  /** The platform's own sentence, in the caller's locale; not yet redacted. */
  readonly message: string;
}

const codeSchema = z.union([z.int(), z.string().min(1)]).transform(String);

const envelopeSchema = z.object({
  error: z.object({
    code: codeSchema.optional(),
    error_subcode: codeSchema.optional(),
    message: z.string().default(''),
    error_user_msg: z.string().optional(),
  }),
});

/**
 * Reads the envelope, or null when the answer holds none: HTML from the edge, an empty body, another shape.
 * `type` is not read: throttles carry `OAuthException` as well.
 */
export function graphErrorIn(answer: HttpAnswer): GraphError | null {
  const envelope = envelopeSchema.safeParse(bodyJson(answer));
  if (envelope.success) {
    const { code, error_subcode: subcode, message, error_user_msg: hint } = envelope.data.error;
    return { code, subcode, message: hint === undefined ? message : `${message} (${hint})` };
  }
  return tokenRefusedIn(answer) ? { code: '190', message: 'The platform calls the access token invalid.' } : null;
}

/** A token failure names itself in a header too, which outlives a body that cannot be read. */
function tokenRefusedIn(answer: HttpAnswer): boolean {
  return /"invalid_token"/.test(answer.headers['www-authenticate'] ?? '');
}
