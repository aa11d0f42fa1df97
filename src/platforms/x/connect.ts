// How an account of X is connected: OAuth 2.0 with PKCE (docs.x.com, "OAuth 2.0 Authorization Code Flow with PKCE"). A code
// lives for 30 seconds.
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { OAuthConnect } from '../contract.ts';

const POST = ['tweet.read', 'tweet.write', 'users.read'] as const;
const MEDIA = 'media.write';
/** Without it there is no refresh token, and the grant ends after two hours. */
const STAY = 'offline.access';

export const connect: OAuthConnect = {
  kind: 'oauth2',
  authorizeUrl: (apiBase) => `${apiBase ?? 'https://x.com'}/i/oauth2/authorize`,
  tokenUrl: (apiBase) => `${apiBase ?? 'https://api.x.com'}/2/oauth2/token`,
  scopes: [...POST, MEDIA, STAY],
  scopeSeparator: ' ',
  renewalScope: STAY,
  pkce: true,
  clientAuth: 'basic',
  secretRequired: false,
  // X has been seen to leave the token's type out; it only ever is a bearer token.
  inOAuthForm: (body) => (typeof body === 'object' ? { token_type: 'bearer', ...body } : body),
};

/** Media want a scope of their own (platform reference, X, 1.1). */
export const scopesFor = ({ media }: { readonly media: boolean }): readonly string[] =>
  media ? [...POST, MEDIA] : POST;

/** The upload comes before the post, and is refused for it. */
export const causeOfMissing = (scope: string): CauseCode | null =>
  scope === MEDIA ? 'x_media_upload_scope_missing' : null;
