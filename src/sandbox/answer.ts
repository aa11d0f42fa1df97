// What a stand-in says to a call, before any fault damages it on its way out.

/** One HTTP answer: status, headers in lower case, and the body exactly as it goes onto the wire. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** It says no though its status is a success, as answers of JSON-RPC do: the call took no effect. */
  refused?: true;
};

/** An answer with a JSON body. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** An answer as an edge server gives it when the platform behind it does not: HTML instead of JSON. */
export function html(status: number, title: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

/** An answer with a plain text body. */
export function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** The same answer with more headers. */
export function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
