// What an operator looks for, as it stands in an address: the same words for the pages and the API.
import { z } from 'zod';
import { CAUSE_CODES } from '../domain/causes/causes.ts';
import { instantText } from '../domain/schedules/instant.ts';
import { stateSchema } from '../domain/schedules/item.ts';
import { ITEM_ORDERS } from '../domain/schedules/surface.ts';
import { isPlainText } from '../domain/text/plain-text.ts';
import type { ItemFilter } from '../ledger/schedules/item-filter.ts';

const words = z.string().max(200).refine(isPlainText, 'must be plain text');

/** Every filter; each may be left out. */
export const itemQueryShape = {
  state: stateSchema.optional().meta({ description: 'Only items in this state.' }),
  platform: words.optional().meta({ description: 'Only this platform.' }),
  account: words.optional().meta({ description: 'Only this account, by its id or its name.' }),
  deliverySet: words.optional().meta({ description: 'Only the members of this delivery set.' }),
  cause: CAUSE_CODES.optional().meta({ description: 'Only failures for this cause.' }),
  owner: words.optional().meta({
    description: 'Only this owner, by the id that items show; `me`: whoever asks; `nobody`: those that nobody owns.',
  }),
  dueFrom: instantText.optional().meta({ description: 'Only what is due then or later.' }),
  dueBefore: instantText.optional().meta({ description: 'Only what is due before that.' }),
  text: words.optional().meta({ description: 'Only what has it in its text or its id, whatever the case.' }),
  order: z.enum(ITEM_ORDERS).optional().meta({ description: 'Newest publish time first unless said otherwise.' }),
} as const;

const itemQuerySchema = z.object(itemQueryShape);
export type ItemQuery = z.infer<typeof itemQuerySchema>;

/** The owner filter for what nobody owns. */
export const NOBODY = 'nobody';

/** The owner filter for what whoever asks owns. */
export const MINE = 'me';

/** The filter of a query. `callerId`: of whoever asks, as an owner has it. */
export function filterOf(
  { platform, account, deliverySet, cause, owner, dueFrom, dueBefore, text }: ItemQuery,
  callerId: string,
): ItemFilter {
  return {
    platform,
    account,
    deliverySet,
    cause,
    ownerId: ownerIdOf(owner, callerId),
    dueFrom: dueFrom === undefined ? undefined : new Date(dueFrom),
    dueBefore: dueBefore === undefined ? undefined : new Date(dueBefore),
    text,
  };
}

function ownerIdOf(owner: string | undefined, callerId: string): string | undefined {
  if (owner === NOBODY) return '';
  return owner === MINE ? callerId : owner;
}
