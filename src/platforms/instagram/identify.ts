// Asks Instagram whose grant it is.
import type { AccountSession } from '../contract.ts';
import { askGraph, graphGet } from '../meta/graph-call.ts';
import { INSTAGRAM } from './errors.ts';
import { ownerSchema } from './wire.ts';

/** The id of the professional account, the one that publishes. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  const request = graphGet(session, '/me', { fields: 'user_id' });
  const { user_id: id } = await askGraph(session, INSTAGRAM, request, 'grant', ownerSchema);
  return id;
}
