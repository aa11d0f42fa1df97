// Whose sign-in it is, and what WordPress lets them do.
import { cause } from '../../domain/causes/causes.ts';
import type { Destination, RenewedGrant } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { ask } from './call.ts';
import { PLATFORM } from './errors.ts';
import { findSite, type Site } from './site.ts';
import { ownerSchema } from './wire.ts';

/** What of a user's capabilities a post of ours may need; they are the account's scopes. */
const CAPABILITIES = ['publish_posts', 'upload_files'] as const;

/** The author's address, which no change of permalinks changes: every site has a user 1. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  const site = await findSite(session);
  return addressOf(site, (await askOwner(session, site)).id);
}

/** The one user of the sign-in. @throws StepRefused | StepUnanswered */
export async function destinations(session: AccountSession): Promise<readonly Destination[]> {
  const site = await findSite(session);
  const { id, name } = await askOwner(session, site);
  return [{ remoteId: addressOf(site, id), name: `${name} on ${new URL(site.home).host}` }];
}

/** Tries the application password. It has no end, so there is nothing to renew. @throws StepRefused | StepUnanswered */
export async function open(session: AccountSession): Promise<RenewedGrant> {
  const site = await findSite(session);
  if (!site.takesPasswords) throw noPasswords();
  const { capabilities } = await askOwner(session, site);
  const scopes = CAPABILITIES.filter((name) => capabilities[name] === true);
  return { grant: session.grant, expiresAt: null, scopes };
}

/** The scopes that a post needs. */
export function scopesFor({ media }: { readonly media: boolean }): readonly string[] {
  return media ? CAPABILITIES : ['publish_posts'];
}

function askOwner(session: AccountSession, site: Site) {
  const query = { context: 'edit', _fields: 'id,name,capabilities' };
  return ask(session, site, {
    stage: 'grant',
    window: 'read',
    route: '/wp/v2/users/me',
    query,
    schema: ownerSchema,
  });
}

const addressOf = ({ home }: Site, id: number) => `${home}/?author=${id}`;

function noPasswords(): StepRefused {
  const externalText =
    'This site takes no application passwords: it needs HTTPS, or a plugin has switched them off. Switch them on, then connect it again.';
  const facts = { platform: PLATFORM, stage: 'grant', source: 'status_only', externalText, rawText: '' } as const;
  return new StepRefused(cause({ code: 'auth_failed', ...facts }));
}
