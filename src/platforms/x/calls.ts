// How X is called: addresses, the bearer header, JSON and multipart bodies.
import type { HttpRequest } from '../../transport/exchange.ts';
import type { AccountSession } from '../sessions.ts';

/** A call's address on the account's API. */
export function addressOf(session: AccountSession, path: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `${session.account.apiBase}${path}${search === '' ? '' : `?${search}`}`;
}

/** A call without a body. */
export function bareCall(session: AccountSession, method: 'GET' | 'POST', url: string): HttpRequest {
  return { method, url, headers: headersOf(session) };
}

/** A POST with a JSON body. */
export function jsonCall(session: AccountSession, url: string, body: object): HttpRequest & { readonly body: string } {
  const headers = { ...headersOf(session), 'content-type': 'application/json' };
  return { method: 'POST', url, headers, body: JSON.stringify(body) };
}

/** A POST of form fields and one file, the field `media`. The platform's own encoder writes the multipart body. */
export async function multipartCall(
  session: AccountSession,
  url: string,
  fields: Readonly<Record<string, string>>,
  media: { readonly bytes: Uint8Array; readonly mediaType: string },
): Promise<HttpRequest> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('media', new Blob([Uint8Array.from(media.bytes)], { type: media.mediaType }), 'media');
  const encoded = new Response(form);
  const headers = {
    ...headersOf(session),
    'content-type': encoded.headers.get('content-type') ?? 'multipart/form-data',
  };
  return { method: 'POST', url, headers, body: new Uint8Array(await encoded.arrayBuffer()) };
}

function headersOf(session: AccountSession): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${session.grant.accessToken}`, accept: 'application/json' };
}
