// How a site is connected: with the Admin API key of an integration that its owner makes, and can take back.

import type { Destination, RenewedGrant, SecretsConnect } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { ask } from './call.ts';
import { ownCause } from './refusals.ts';
import { KEY } from './token.ts';
import { listSchema, siteSchema } from './wire.ts';

export const connect: SecretsConnect = {
  kind: 'secrets',
  fields: [
    {
      name: 'apiBase',
      label: 'Address of the site',
      help: 'As readers open it, for example https://blog.example; where Ghost Admin lives elsewhere, that address.',
      secret: false,
      required: true,
    },
    {
      name: 'accessToken',
      label: 'Admin API key',
      help: 'Made in Ghost under Settings, Integrations, Add custom integration. Two parts with a colon between.',
      secret: true,
      required: true,
    },
  ],
  open,
};

/** A key of an integration may do all that publishing needs (platform reference 7.1). */
export const scopesFor = (): readonly string[] => [];

/** The site's own address, without a slash at its end. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  return (await askSite(session)).remoteId;
}

/** The one site of the key. @throws StepRefused | StepUnanswered */
export async function destinations(session: AccountSession): Promise<readonly Destination[]> {
  return [await askSite(session)];
}

/** @throws StepRefused | StepUnanswered */
async function open(session: AccountSession): Promise<RenewedGrant> {
  if (!KEY.test(session.grant.accessToken)) {
    throw new StepRefused(
      ownCause(
        'grant',
        'This is no Admin API key: one has 24 characters, a colon and 64 characters, all of 0-9 and a-f. The Content API key beside it cannot publish.',
        'auth_failed',
      ),
    );
  }
  await askSite(session);
  return renew(session);
}

/** A key has no end: there is nothing to renew. */
export async function renew({ grant }: AccountSession): Promise<RenewedGrant> {
  return { grant, expiresAt: null };
}

async function askSite(session: AccountSession): Promise<Destination> {
  const { site } = await ask(session, {
    method: 'GET',
    path: 'site/',
    stage: 'grant',
    window: 'read',
    schema: siteSchema,
  });
  // Anybody may ask for the site; only a key that is good may list its posts.
  const query = { limit: '1', include: 'tags' };
  await ask(session, { method: 'GET', path: 'posts/', query, stage: 'grant', window: 'read', schema: listSchema });
  return { remoteId: site.url.replace(/\/+$/, ''), name: site.title };
}
