// A real OpenID Connect provider on loopback, in a process of its own. Whoever signs in there says who they are: the login
// is the address, which is verified unless it ends in "?", and the subject, unless another follows after a space.
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider, { type Account } from 'oidc-provider';

const { OIDC_CLIENT_ID = '', OIDC_CLIENT_SECRET = '', OIDC_REDIRECT_URI = '' } = process.env;

const server = createServer();
await once(server.listen(0, '127.0.0.1'), 'listening');
const address = server.address();
const issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

function accountOf(login: string): Account {
  const [told = ''] = login.split(' ');
  const email = told.replace(/\?$/, '');
  const claims = { sub: login, email, email_verified: told === email, name: `${email.split('@')[0]} of the provider` };
  return { accountId: login, claims: () => claims };
}

const provider = new Provider(issuer, {
  clients: [{ client_id: OIDC_CLIENT_ID, client_secret: OIDC_CLIENT_SECRET, redirect_uris: [OIDC_REDIRECT_URI] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_context, login) => accountOf(login),
  pkce: { required: () => true },
});
server.on('request', provider.callback());

process.send?.({ type: 'ready', issuer });
process.on('disconnect', () => process.exit(0));
