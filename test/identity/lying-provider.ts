// A sign-in provider that says whatever a test wants, true or not, in well-formed answers on a real socket.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { CLIENT } from './serve-with-provider.ts';

export interface Said {
  /** Claims of the ID token, over those that would be right. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the user info says; null: there is no such endpoint. */
  readonly userInfo: Readonly<Record<string, unknown>> | null;
  /** Signed with a key that the provider does not publish. */
  readonly foreignKey: boolean;
  /** The status of the token endpoint's answer. */
  readonly tokenStatus: number;
  /** The issuer that the metadata name. */
  readonly namedIssuer: string;
}

export interface LyingProvider {
  readonly issuer: string;
  /** What it says from now on; all else is as it should be again. */
  says(said: Partial<Said>): void;
  /** The PKCE challenge of the last verifier that came to the token endpoint. */
  lastChallenge(): string | undefined;
  /** The User-Agents of who asked. */
  readonly callers: Set<string>;
  close(): Promise<void>;
}

export async function openLyingProvider(): Promise<LyingProvider> {
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', use: 'sig', alg: 'RS256' };
  const callers = new Set<string>();
  let challenge: string | undefined;
  let issuer = '';
  const right = (): Said => ({ claims: {}, userInfo: null, foreignKey: false, tokenStatus: 200, namedIssuer: issuer });
  let said = right();

  async function token(request: IncomingMessage): Promise<unknown> {
    const form = new URLSearchParams(await text(request));
    challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const seconds = Math.floor(Date.now() / 1000);
    // The code carries the nonce, as a real provider remembers it from the way there.
    const nonce = form.get('code') ?? '';
    const claims = {
      iss: issuer,
      aud: CLIENT.id,
      sub: 'subject-1',
      iat: seconds,
      exp: seconds + 300,
      nonce,
      ...said.claims,
    };
    const key = said.foreignKey ? foreign.privateKey : own.privateKey;
    const idToken = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key);
    return { access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token: idToken };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    callers.add(request.headers['user-agent'] ?? '');
    switch (URL.parse(request.url ?? '', issuer)?.pathname) {
      case '/.well-known/openid-configuration':
        return send(response, 200, metadata(issuer, said));
      case '/jwks':
        return send(response, 200, { keys: [jwk] });
      case '/token':
        return send(
          response,
          said.tokenStatus,
          said.tokenStatus === 200 ? await token(request) : { error: 'invalid_grant' },
        );
      case '/me':
        return send(response, 200, said.userInfo);
      default:
        return send(response, 404, {});
    }
  }
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  said = right();
  return {
    issuer,
    callers,
    says(next) {
      said = { ...right(), ...next };
    },
    lastChallenge: () => challenge,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function metadata(issuer: string, { namedIssuer, userInfo }: Said) {
  return {
    issuer: namedIssuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...(userInfo === null ? {} : { userinfo_endpoint: `${issuer}/me` }),
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
