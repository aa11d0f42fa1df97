// Connects a user of a site to the stage's workspace, as an operator would with its application password.
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import type { SiteUser } from '../wordpress/make-site.ts';
import { OLGA } from '../workflow/shop.ts';
import type { Stage } from './stage.ts';

export interface WordpressConnection {
  /** Its name in the workspace. */
  readonly name: string;
  readonly user: SiteUser;
  /** Where its site is found: what stands before it, mostly. */
  readonly url: string;
  readonly password?: string;
}

/** Connects the account, or connects it anew; answers its id in the ledger. */
export function connectWordpress(stage: Stage, { name, user, url, password }: WordpressConnection): Promise<string> {
  return connectAccount(stage.context.ledger, {
    workspaceId: stage.workspaceId,
    platform: 'wordpress',
    name,
    remoteId: `${url}/?author=${user.id}`,
    apiBase: url,
    scopes: ['publish_posts', 'upload_files'],
    grant: { accessToken: '', identifier: user.name, password: password ?? user.password },
    grantExpiresAt: null,
    actor: OLGA,
  });
}
