// What one HTTP exchange can come to, told apart by the only thing that matters to us: did bytes leave?

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | string | undefined;
}

/** A complete answer. Header names are lower case; a repeated header is joined by ", ". */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The request provably did not leave: no address, connection refused, TLS refused, or it was held back by the deadline. */
export interface NotSent {
  readonly kind: 'not_sent';
  readonly reason: 'unreachable' | 'deadline_passed';
  readonly detail: string;
}

/** Bytes left, or may have left, and no complete answer came: the outcome is unknown (law 3). */
export interface NoAnswer {
  readonly kind: 'no_answer';
  readonly reason: 'timeout' | 'reset' | 'truncated' | 'oversized';
  readonly detail: string;
}

export type Exchange = HttpAnswer | NotSent | NoAnswer;

/** The answer's body as UTF-8 text. */
export function bodyText(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body);
}

/** The answer's body as JSON of unknown shape, or undefined when it is not JSON. */
export function bodyJson(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(bodyText(answer));
  } catch {
    return undefined;
  }
}
