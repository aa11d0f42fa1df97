// The few XRPC calls a test makes for itself: an account to publish with, and the list that judges.
import { z } from 'zod/v4';
import { PdsCallError } from './errors.ts';

/** An account with an app password; the tokens are of a session opened with that app password, as a publisher's are. */
export interface PdsAccount {
  readonly did: string;
  readonly handle: string;
  readonly password: string;
  readonly appPassword: string;
  readonly accessJwt: string;
  readonly refreshJwt: string;
}

/** One record of `app.bsky.feed.post` as the PDS holds it. */
export interface PdsPost {
  readonly uri: string;
  readonly cid: string;
  readonly value: unknown;
}

const session = z.object({ did: z.string(), handle: z.string(), accessJwt: z.string(), refreshJwt: z.string() });
const appPassword = z.object({ password: z.string() });
const page = z.object({
  records: z.array(z.object({ uri: z.string(), cid: z.string(), value: z.unknown() })),
  cursor: z.string().optional(),
});

async function read<T>(call: string, schema: z.ZodType<T>, response: Response): Promise<T> {
  const body = await response.text();
  if (!response.ok) throw new PdsCallError(`${call} answered ${response.status}: ${body}`);
  return schema.parse(JSON.parse(body));
}

async function post<T>(url: string, call: string, schema: z.ZodType<T>, input: unknown, token?: string): Promise<T> {
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  const headers = { 'content-type': 'application/json', ...authorization };
  return read(
    call,
    schema,
    await fetch(`${url}/xrpc/${call}`, { method: 'POST', headers, body: JSON.stringify(input) }),
  );
}

/**
 * Creates `handle` (it ends in `.test`) with an app password, and opens a session with the latter.
 * @throws PdsCallError when the PDS refuses, for example because the handle is taken
 */
export async function createAccount(url: string, handle: string): Promise<PdsAccount> {
  const password = `password of ${handle}`;
  const email = `${handle.replaceAll('.', '-')}@example.com`;
  const owner = await post(url, 'com.atproto.server.createAccount', session, { handle, email, password });
  const name = { name: 'publisher' };
  const made = await post(url, 'com.atproto.server.createAppPassword', appPassword, name, owner.accessJwt);
  const login = { identifier: owner.did, password: made.password };
  const { did, accessJwt, refreshJwt } = await post(url, 'com.atproto.server.createSession', session, login);
  return { did, handle, password, appPassword: made.password, accessJwt, refreshJwt };
}

/**
 * Every post the PDS holds for `did`, newest record key first, all pages of it.
 * @throws PdsCallError when the repo is unknown
 */
export async function listPosts(url: string, did: string): Promise<PdsPost[]> {
  const call = 'com.atproto.repo.listRecords';
  const posts: PdsPost[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ repo: did, collection: 'app.bsky.feed.post', limit: '100' });
    if (cursor) query.set('cursor', cursor);
    const found = await read(call, page, await fetch(`${url}/xrpc/${call}?${query}`));
    posts.push(...found.records);
    cursor = found.cursor;
  } while (cursor);
  return posts;
}
