// XRPC calls as the harness's own tests make them: the answer whatever its status, and what a client sees when there is none.
import type { PdsAccount } from './pds-client.ts';

/** A whole answer; `body` is the parsed JSON, or the text when it is not JSON. */
export interface XrpcAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function answered(response: Response): Promise<XrpcAnswer> {
  return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
}

/** POST when there is an `input` or a token; rejects with fetch's TypeError when no whole answer came. */
export async function xrpc(
  url: string,
  call: string,
  input: unknown,
  token?: string,
  signal?: AbortSignal,
): Promise<XrpcAnswer> {
  const headers = {
    ...(input === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const body = input === undefined ? null : JSON.stringify(input);
  return answered(await fetch(`${url}/xrpc/${call}`, { method: 'POST', headers, body, signal: signal ?? null }));
}

/** Puts a text post under a record key of ours, only if nothing else stands there. */
export function putPost(
  url: string,
  account: Pick<PdsAccount, 'did' | 'accessJwt'>,
  rkey: string,
  text: string,
  signal?: AbortSignal,
): Promise<XrpcAnswer> {
  const record = { $type: 'app.bsky.feed.post', text, createdAt: '2026-11-21T00:00:00.000Z' };
  const input = { repo: account.did, collection: 'app.bsky.feed.post', rkey, record, swapRecord: null };
  return xrpc(url, 'com.atproto.repo.putRecord', input, account.accessJwt, signal);
}

/** One post by its record key, without signing in. */
export async function getRecord(url: string, did: string, rkey: string): Promise<XrpcAnswer> {
  const query = new URLSearchParams({ repo: did, collection: 'app.bsky.feed.post', rkey });
  return answered(await fetch(`${url}/xrpc/com.atproto.repo.getRecord?${query}`));
}
