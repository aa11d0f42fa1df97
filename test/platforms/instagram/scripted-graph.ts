// A Graph server over a real socket that answers as a test writes it down, for answers no healthy platform gives on
// demand. What was asked is kept in order.
import { createServer } from 'node:http';
import { z } from 'zod';

export interface Asked {
  readonly method: string;
  /** Without the version and without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

export interface Scripted {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptedGraph {
  /** The API's address with its version, as an account has it. */
  readonly apiBase: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** An error in Meta's envelope. */
export function graphError(status: number, code: number, subcode?: number, message = 'Refused'): Scripted {
  return { status, body: { error: { message, type: 'OAuthException', code, error_subcode: subcode } } };
}

/** Starts a server whose every answer comes from `answer`. */
export async function startScriptedGraph(answer: (asked: Asked) => Scripted): Promise<ScriptedGraph> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk));
    const url = new URL(request.url ?? '/', 'http://localhost');
    const call = {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/v25\.0/, ''),
      params: Object.fromEntries([...url.searchParams, ...new URLSearchParams(Buffer.concat(chunks).toString())]),
      authorization: request.headers.authorization,
    };
    asked.push(call);
    const { status = 200, body, headers = {} } = answer(call);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return {
    apiBase: `http://127.0.0.1:${port}/v25.0`,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
