// How connecting ended, as the sentence on the page that follows.

import { findConnection } from '../../connections/list-connections.ts';
import type { ConnectedNow } from '../../connections/new-grant.ts';
import { NotConnected } from '../../publishing/grants/not-connected.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { leaveNotice } from '../session/cookies.ts';

/** Back to `to` with the sentence when nothing was connected; anything else is thrown on. */
export function backWithReason(c: PageContext, deps: PagesDeps, error: unknown, to: string): Response {
  if (!(error instanceof NotConnected)) throw error;
  leaveNotice(c, deps, { kind: 'refused', text: error.message });
  return c.redirect(to, 303);
}

/** To the account, saying what it can do now and what it still lacks. */
export async function toAccount(c: PageContext, deps: PagesDeps, connected: ConnectedNow): Promise<Response> {
  const { accountId, name, reconnected } = connected;
  const connection = await findConnection(deps, c.get('caller').workspaceId, accountId);
  const lacks = connection?.scopesMissing ?? [];
  const missing =
    lacks.length === 0
      ? ''
      : ` It still lacks ${lacks.join(', ')}, which queued posts need: reconnect it and allow all.`;
  const repaired = connection?.openItems
    ? ` ${connection.openItems === 1 ? 'One publish waits' : `${connection.openItems} publishes wait`} below.`
    : '';
  const text = `"${name}" is connected${reconnected ? ' again' : ''}.${missing}${repaired}`;
  leaveNotice(c, deps, { kind: lacks.length === 0 ? 'done' : 'refused', text });
  return c.redirect(`/connections/${accountId}`, 303);
}
