// What a new Instagram account (Instagram Login) is like: its id, scopes and its one long-lived token.
import { metaId } from '../ids.ts';

const dayMs = 24 * 60 * 60_000;

/** There is no refresh token: the access token itself is exchanged for a new one while it lives. */
export const account = {
  newId: () => metaId('178'),
  scopes: ['instagram_business_basic', 'instagram_business_content_publish'],
  tokenPrefix: 'IGAA',
  accessLifetimeMs: 60 * dayMs,
  refreshLifetimeMs: null,
};
