// How our app proves itself to token endpoints.
import * as oauth from 'oauth4webapi';

/**
 * HTTP Basic. Ids and secrets of platforms read the same whether a server decodes them or not, unlike in the library's form,
 * which escapes dots and dashes too.
 */
export function basicAuth(clientSecret: string): oauth.ClientAuth {
  return (_server, client, _body, headers) => {
    const credentials = `${encodeURIComponent(client.client_id)}:${encodeURIComponent(clientSecret)}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  };
}

/** With the id and, unless the client is public, the secret among the form's fields. */
export function formAuth(clientSecret: string | null): oauth.ClientAuth {
  return clientSecret === null ? oauth.None() : oauth.ClientSecretPost(clientSecret);
}
