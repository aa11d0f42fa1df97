// What faults do to an answer on the raw socket: nothing, a reset, half a body, bytes that mean nothing.
import { setTimeout as delay } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Answer } from '../answer.ts';
import type { SandboxEnv } from '../request.ts';

type SandboxContext = Context<SandboxEnv>;

/** Sends the answer as it is. */
export function send(answer: Answer): Response {
  const bodyless = answer.status === 204 || answer.status === 304;
  return new Response(bodyless ? null : answer.body, { status: answer.status, headers: answer.headers });
}

/** Sends nothing, and leaves the connection open until the client gives up. */
export function sendNothing(): Response {
  return RESPONSE_ALREADY_SENT;
}

/** Ends the connection with a TCP reset. */
export function reset(c: SandboxContext): Response {
  c.env.incoming.socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

/** Promises more bytes than it sends, then closes the connection. */
export function truncate(c: SandboxContext, answer: Answer): Response {
  const { outgoing } = c.env;
  const bytes = Buffer.from(answer.body);
  const sentBytes = bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2)));
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length + 64 });
  outgoing.write(sentBytes, () => c.env.incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}

/** A success whose body cannot be read. */
export function garbage(answer: Answer): Response {
  return new Response('{"data":{"id":\u0000\ufffd', { status: answer.status, headers: answer.headers });
}

/** Waits in real time; ends early when the sandbox closes. */
export async function pause(ms: number, closing: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: closing }).catch(() => undefined);
}
