// A door in front of a Temporal server as clouds and clusters have it: TLS, a client certificate, an API key.
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect, constants, createSecureServer, type IncomingHttpHeaders } from 'node:http2';
import { fileURLToPath } from 'node:url';

const file = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url));

/** Made for tests, good until 2126; they open nothing else. */
export const TLS_FILES = {
  ca: file('ca.pem'),
  serverCert: file('server.pem'),
  serverKey: file('server.key'),
  clientCert: file('client.pem'),
  clientKey: file('client.key'),
} as const;

export interface TlsFront {
  readonly address: string;
  /** Calls that were let through. */
  passed(): number;
  close(): Promise<void>;
}

const UNAUTHENTICATED = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' } as const;

/** Lets through who shows the test's client certificate and this key, and answers others as Temporal Cloud does. */
export async function startTlsFront(temporalAddress: string, apiKey: string): Promise<TlsFront> {
  const behind = connect(`http://${temporalAddress}`);
  const server = createSecureServer({
    ca: readFileSync(TLS_FILES.ca),
    cert: readFileSync(TLS_FILES.serverCert),
    key: readFileSync(TLS_FILES.serverKey),
    requestCert: true,
    rejectUnauthorized: true,
  });
  let passed = 0;
  server.on('stream', (near, headers) => {
    near.on('error', () => {});
    if (headers.authorization !== `Bearer ${apiKey}`) {
      near.respond(UNAUTHENTICATED, { endStream: true });
      return;
    }
    passed += 1;
    carry(near, behind, headers);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    address: `127.0.0.1:${port}`,
    passed: () => passed,
    async close() {
      behind.destroy();
      server.close();
    },
  };
}

type Near = Parameters<NonNullable<Parameters<ReturnType<typeof createSecureServer>['on']>[1]>>[0];

function carry(near: Near, behind: ClientHttp2Session, headers: IncomingHttpHeaders): void {
  const { authorization: _, ...rest } = headers;
  const far = behind.request({ ...rest, ':scheme': 'http' });
  let trailers: IncomingHttpHeaders = {};
  far.on('error', () => near.close(constants.NGHTTP2_INTERNAL_ERROR));
  near.on('close', () => far.close(constants.NGHTTP2_CANCEL));
  far.on('trailers', (last) => {
    trailers = last;
  });
  far.on('response', (head, flags) => {
    if (flags & constants.NGHTTP2_FLAG_END_STREAM) return near.respond(head, { endStream: true });
    near.on('wantTrailers', () => near.sendTrailers(trailers));
    near.respond(head, { waitForTrailers: true });
    far.pipe(near);
  });
  near.pipe(far);
}
