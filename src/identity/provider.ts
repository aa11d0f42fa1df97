// Signs people in through an OpenID Connect provider: authorization code with PKCE, state and nonce (OpenID Connect
// Core 1.0, 3.1). No token is read by hand: openid-client checks them, signatures included.
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import type { ProvenIdentity } from '../domain/people/sign-in.ts';
import type { Transport } from '../transport/send.ts';
import { type Claims, identityOf, readClaims } from './claims.ts';
import { ProviderSilent, providerFetch } from './provider-fetch.ts';
import { NotProven, ProviderAway } from './refusals.ts';

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends people back to, as it is registered there. */
  readonly callback: string;
  /** How long an answer is awaited, in ms. */
  readonly timeoutMs: number;
}

/** What binds the provider's answer to one flow of one browser. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  /** The PKCE code verifier. */
  readonly verifier: string;
}

export interface SignInProvider {
  /** Its host, by which people know it. */
  readonly host: string;
  /** Where the browser goes to sign in; `anew`: also somebody who is signed in there already. @throws ProviderAway */
  authorizeAddress(flow: FlowSecrets, options: { readonly anew: boolean }): Promise<string>;
  /** Who comes back with that query. @throws ProviderAway, NotProven */
  identify(query: string, flow: FlowSecrets): Promise<ProvenIdentity>;
}

/** A provider's metadata are asked for again after this. */
const METADATA_MS = 3_600_000;

/** Nothing is asked before somebody wants to sign in, so that a provider that is away stops no start. */
export function openProvider(settings: ProviderSettings, transport: Pick<Transport, 'send'>): SignInProvider {
  const configured = discovered(settings, transport);
  return {
    host: new URL(settings.issuer).host,
    async authorizeAddress({ state, nonce, verifier }, { anew }) {
      const config = await configured();
      return buildAuthorizationUrl(config, {
        redirect_uri: settings.callback,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(anew ? { prompt: 'login' } : {}),
      }).href;
    },
    async identify(query, flow) {
      const config = await configured();
      try {
        return await exchange(config, new URL(`${settings.callback}${query}`), flow);
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

async function exchange(
  config: Configuration,
  answer: URL,
  { state, nonce, verifier }: FlowSecrets,
): Promise<ProvenIdentity> {
  const tokens = await authorizationCodeGrant(config, answer, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
  });
  const token = tokens.claims();
  if (!token) throw new NotProven('the provider sent no ID token');
  const claims = readClaims(token);
  const { userinfo_endpoint: hasMore } = config.serverMetadata();
  // Many providers keep addresses and names out of the ID token and tell them when asked.
  const whole = claims.email !== undefined && claims.email_verified !== undefined;
  const more = whole || !hasMore ? {} : readClaims(await fetchUserInfo(config, tokens.access_token, token.sub));
  return identityOf({ issuer: token.iss, subject: token.sub }, joined(claims, more));
}

/** Address and flag come from one place: a flag says nothing of an address that stood elsewhere. */
function joined(token: Claims, more: Claims): Claims {
  const { email, email_verified } = more.email === undefined ? token : more;
  return { email, email_verified, name: token.name ?? more.name };
}

/** The configuration, found once and kept for a while; a failure is not kept. */
function discovered(settings: ProviderSettings, transport: Pick<Transport, 'send'>): () => Promise<Configuration> {
  const { issuer, clientId, clientSecret, timeoutMs } = settings;
  const plainHttp = issuer.startsWith('http:');
  const options = {
    [customFetch]: providerFetch(transport, timeoutMs),
    timeout: timeoutMs / 1000,
    execute: [enableNonRepudiationChecks, ...(plainHttp ? [allowInsecureRequests] : [])],
  };
  const discover = async () => {
    try {
      return await discovery(new URL(issuer), clientId, {}, byWhatItTakes(clientSecret), options);
    } catch (error) {
      kept = null;
      throw new ProviderAway(`the provider's metadata cannot be used: ${told(error)}`, { cause: error });
    }
  };
  let kept: { readonly config: Promise<Configuration>; readonly at: number } | null = null;
  return () => {
    if (kept === null || performance.now() - kept.at > METADATA_MS)
      kept = { config: discover(), at: performance.now() };
    return kept.config;
  };
}

/** Basic is what a registration says by default; a provider that does not take it lists what it takes. */
function byWhatItTakes(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (as, client, body, headers) => {
    const takes = as.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (takes.includes('client_secret_basic') ? basic : post)(as, client, body, headers);
  };
}

function refusalOf(error: unknown): ProviderAway | NotProven {
  if (error instanceof NotProven) return error;
  if (error instanceof Error && error.cause instanceof ProviderSilent) {
    return new ProviderAway(`the provider did not answer: ${error.cause.message}`, { cause: error });
  }
  const declined = error instanceof AuthorizationResponseError && error.error === 'access_denied';
  return new NotProven(`the provider's answer was not taken: ${told(error)}`, { cause: error, declined });
}

/** The error's words and code; neither carries a token. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.cause instanceof ProviderSilent) return error.cause.message;
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.message}${code}`;
}
