// How an account of Instagram is connected: Instagram Login (platform reference 2.1; Meta's "Business Login for Instagram").
// The code brings a token of an hour, which is exchanged for one of 60 days at once.
import { z } from 'zod';
import type { OAuthConnect, RenewedGrant } from '../contract.ts';
import { askGraph } from '../meta/graph-call.ts';
import type { AccountSession } from '../sessions.ts';
import { INSTAGRAM } from './errors.ts';
import { unversioned } from './token.ts';
import { renewedSchema } from './wire.ts';

const SCOPES = ['instagram_business_basic', 'instagram_business_content_publish'] as const;

export const connect: OAuthConnect = {
  kind: 'oauth2',
  authorizeUrl: (apiBase) => `${apiBase === null ? 'https://www.instagram.com' : unversioned(apiBase)}/oauth/authorize`,
  tokenUrl: (apiBase) => `${apiBase === null ? 'https://api.instagram.com' : unversioned(apiBase)}/oauth/access_token`,
  scopes: SCOPES,
  scopeSeparator: ',',
  pkce: false,
  clientAuth: 'form',
  secretRequired: true,
  inOAuthForm,
  complete,
};

/** Every post of ours is media; both scopes are needed for each. */
export const scopesFor = (): readonly string[] => SCOPES;

const permissionsSchema = z.union([z.string().transform((list) => list.split(',')), z.array(z.string())]).optional();
const codeTokenSchema = z.object({ access_token: z.string().min(1), permissions: permissionsSchema });
/** Documented in a list of one; older answers are bare. */
const codeAnswerSchema = z.union([
  z.object({ data: z.tuple([codeTokenSchema]) }).transform(({ data }) => data[0]),
  codeTokenSchema,
]);
const refusalSchema = z.object({ error_type: z.string(), error_message: z.string() });

/** Instagram's refusals all have one type; which of them speak of the app, only its words tell. */
const OF_THE_APP = /client[_ ]?(id|secret)|platform app/i;

function inOAuthForm(body: unknown): unknown {
  const tokens = codeAnswerSchema.safeParse(body);
  if (tokens.success) {
    const { access_token, permissions } = tokens.data;
    return {
      access_token,
      token_type: 'bearer',
      ...(permissions === undefined ? {} : { scope: permissions.join(' ') }),
    };
  }
  const refusal = refusalSchema.safeParse(body);
  if (!refusal.success) return body;
  const { error_message } = refusal.data;
  return {
    error: OF_THE_APP.test(error_message) ? 'invalid_client' : 'invalid_grant',
    error_description: error_message,
  };
}

/** Documented only with the secrets in its address, as the renewal is; the transport logs no address. */
async function complete(session: AccountSession): Promise<RenewedGrant> {
  const { accessToken: shortLived, clientSecret = '' } = session.grant;
  const query = new URLSearchParams({
    grant_type: 'ig_exchange_token',
    client_secret: clientSecret,
    access_token: shortLived,
  });
  const url = `${unversioned(session.account.apiBase)}/access_token?${query}`;
  const answer = await askGraph(session, INSTAGRAM, { method: 'GET', url }, 'grant', renewedSchema);
  return {
    grant: { ...session.grant, accessToken: answer.access_token },
    expiresAt: new Date(session.now().getTime() + answer.expires_in * 1_000),
  };
}
