// Answers as Meta writes them, for tests of how they are read.
import type { HttpAnswer } from '../../../src/transport/exchange.ts';

/** An answer with any body. */
export function answerOf(status: number, body: string, headers: Record<string, string> = {}): HttpAnswer {
  return { kind: 'answer', status, headers, body: new TextEncoder().encode(body) };
}

/** A refusal in Meta's envelope. */
export function refusalOf(
  status: number,
  error: { readonly code: number | string; readonly subcode?: number; readonly message?: string },
  headers: Record<string, string> = {},
): HttpAnswer {
  const { code, subcode, message = 'Invalid parameter' } = error;
  const body = {
    error: {
      message,
      type: 'OAuthException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      fbtrace_id: 'A1b2C3',
    },
  };
  return answerOf(status, JSON.stringify(body), headers);
}
