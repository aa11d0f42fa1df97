// What stands at the destination under the planned slug, before anything is made: a local record never outranks it.
import type { StandingPage } from '../../platforms/contract.ts';
import type { PipelineContext } from '../context.ts';
import { atDestination, type Destination, type Told } from './at-destination.ts';

/**
 * - `read`: every page under the slug, or made from it because it was taken; none: there is conclusively none
 * - `not_a_blog`: its posts have no slugs; what its own publish may have left, the protocol asks about
 * - `no_lookup`: it has no tool that looks one up, so nobody can be asked
 */
export type Standing =
  | {
      readonly kind: 'read';
      readonly pages: readonly StandingPage[];
      readonly label: string;
      /** The connected account, as the ledger knows it. */
      readonly accountId: string;
    }
  | { readonly kind: 'no_lookup' }
  | Exclude<Told<unknown>, { readonly kind: 'read' }>;

export interface StandingWanted extends Destination {
  readonly slug: string;
}

export async function whatStands(context: PipelineContext, wanted: StandingWanted): Promise<Standing> {
  const told = await atDestination(context, wanted, async (pages, session) =>
    pages.canAsk?.(session) === false ? null : pages.standingAt(session, wanted.slug),
  );
  if (told.kind !== 'read') return told;
  const { value: pages, label, accountId } = told;
  return pages === null ? { kind: 'no_lookup' } : { kind: 'read', pages, label, accountId };
}
