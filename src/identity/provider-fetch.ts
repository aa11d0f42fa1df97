// How the provider is called: through our own door to HTTP, with its proxies, limits and User-Agent.
import type { CustomFetch, FetchBody } from 'openid-client';
import type { Transport } from '../transport/send.ts';

/** No usable answer came from the provider. Thrown into the library's calls, which carry it as their cause. */
export class ProviderSilent extends Error {
  override readonly name = 'ProviderSilent';
}

/** The library calls with GET and POST, and sends nothing but forms. */
export function providerFetch(transport: Pick<Transport, 'send'>, timeoutMs: number): CustomFetch {
  return async (url, { method, headers, body }) => {
    const request = { method: method === 'POST' ? 'POST' : 'GET', url, headers, body: formOf(body) } as const;
    const exchange = await transport.send(request, { timeoutMs });
    if (exchange.kind !== 'answer') throw new ProviderSilent(`${exchange.reason} (${exchange.detail})`);
    const { status, headers: answered } = exchange;
    if (status >= 500) throw new ProviderSilent(`it answered ${status}`);
    const noBody = status === 204 || status === 304;
    return new Response(noBody ? null : new Uint8Array(exchange.body), { status, headers: answered });
  };
}

function formOf(body: FetchBody): string | undefined {
  return body === undefined || body === null ? undefined : String(body);
}
