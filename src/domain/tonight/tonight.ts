// The night as it is told: what is due, and what is in its way.
import { z } from 'zod';
import { instantSchema, itemSchema } from '../schedules/item.ts';
import { findingSchema } from './finding.ts';

export const tonightSchema = z
  .object({
    due: z.int().meta({ description: 'How many are due within a day, shown or not.' }),
    stopped: z.int().meta({ description: 'How many of them something is known to stop, shown or not.' }),
    unseen: z.int().meta({ description: 'How many of the others nobody has looked at yet.' }),
    looking: z.boolean().meta({ description: 'All of it is being looked at in the background.' }),
    publishes: z.array(
      z.object({
        item: itemSchema,
        /** Null: nobody has looked yet, or not at this version. */
        checkedAt: instantSchema.nullable(),
        findings: z.array(findingSchema).meta({ description: 'What will stop it; empty when nothing is known to.' }),
      }),
    ),
    /** Send it as `cursor` for the next page; null on the last one. */
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Tonight' });
export type Tonight = z.infer<typeof tonightSchema>;
