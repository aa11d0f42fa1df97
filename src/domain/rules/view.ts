// Rules as they are told.
import { z } from 'zod';
import { instantSchema } from '../schedules/item.ts';
import { ruleSchema } from './rule.ts';

export const ruleViewSchema = z
  .object({
    id: z.string(),
    definition: ruleSchema,
    enabled: z.boolean(),
    hits: z.int().meta({ description: 'How often it fired.' }),
    suppression_count: z.int().meta({ description: 'How often it was kept from firing.' }),
    lastFiredAt: instantSchema.nullable(),
    madeBy: z.string(),
    changedAt: instantSchema,
  })
  .meta({ id: 'Rule' });
export type RuleView = z.infer<typeof ruleViewSchema>;
export const rulesSchema = z.object({ rules: z.array(ruleViewSchema) }).meta({ id: 'Rules' });

export const ruleChangeSchema = z
  .strictObject({ enabled: z.boolean().optional(), definition: ruleSchema.optional() })
  .refine(({ enabled, definition }) => enabled !== undefined || definition !== undefined, 'changes nothing')
  .meta({ id: 'RuleChange' });
