// Asks Instagram whose grant it is.

import type { Destination } from '../contract.ts';
import { askGraph, graphGet } from '../meta/graph-call.ts';
import type { AccountSession } from '../sessions.ts';
import { INSTAGRAM } from './errors.ts';
import { ownerSchema } from './wire.ts';

/** The id of the professional account, the one that publishes. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  const request = graphGet(session, '/me', { fields: 'user_id' });
  const { user_id: id } = await askGraph(session, INSTAGRAM, request, 'grant', ownerSchema);
  return id;
}

/** The one professional account: a grant of Instagram Login reaches no other. @throws StepRefused | StepUnanswered */
export async function destinations(session: AccountSession): Promise<readonly Destination[]> {
  const request = graphGet(session, '/me', { fields: 'user_id,username' });
  const { user_id: remoteId, username } = await askGraph(session, INSTAGRAM, request, 'grant', ownerSchema);
  return [{ remoteId, name: username ? `@${username}` : remoteId }];
}
