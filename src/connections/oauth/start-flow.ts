// Begins a sign-in at a platform: the address where a person is asked, bound to the session that asked for it.
import * as oauth from 'oauth4webapi';
import { z } from 'zod';
import { beginFlow, type FlowHolder } from '../../ledger/connections/flows.ts';
import { NotConnected } from '../../publishing/grants/not-connected.ts';
import { adapterOf, asksOnItsPages, type ConnectingContext } from '../connecting.ts';
import type { Meant } from '../new-grant.ts';
import { ourApp } from '../our-app.ts';

/** What is sealed with a sign-in that is under way. */
export const askedSchema = z.object({ codeVerifier: z.string().nullable() });

export interface Departure {
  /** Where the person is asked, on the platform's own pages. */
  readonly url: string;
  readonly label: string;
}

/** @throws NotConnected when nobody can be asked, for example because no app is set */
export async function startFlow(
  context: ConnectingContext,
  holder: FlowHolder,
  wanted: Meant & { readonly redirectUri: string },
): Promise<Departure> {
  const adapter = adapterOf(context, holder.platform);
  if (!asksOnItsPages(adapter)) {
    throw new NotConnected(`${adapter.label} asks nobody on its own pages; connect the account with its secrets.`);
  }
  const app = await ourApp(context, holder.workspaceId, adapter);
  const codeVerifier = adapter.connect.pkce ? oauth.generateRandomCodeVerifier() : null;
  const secret = JSON.stringify({ codeVerifier } satisfies z.infer<typeof askedSchema>);
  const state = await beginFlow(context.ledger, holder, { ...wanted, stage: 'asked', secret });
  const url = new URL(adapter.connect.authorizeUrl(app.apiBase));
  const { scopes, scopeSeparator } = adapter.connect;
  const query = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: wanted.redirectUri,
    scope: scopes.join(scopeSeparator),
    state,
    ...(codeVerifier === null ? {} : await challengeOf(codeVerifier)),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url: url.href, label: adapter.label };
}

async function challengeOf(codeVerifier: string) {
  return { code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier), code_challenge_method: 'S256' };
}
