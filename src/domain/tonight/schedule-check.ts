// What a check of a post that is not stored yet came to.
import { z } from 'zod';
import { findingSchema } from './finding.ts';

export const scheduleCheckSchema = z
  .object({
    fits: z.boolean().meta({ description: 'It would be taken in as it is.' }),
    problems: z
      .array(z.object({ field: z.string(), problem: z.string(), limit: z.string().optional() }))
      .meta({ description: 'Why it would not be.' }),
    findings: z.array(findingSchema).meta({ description: 'What would stop it at its time.' }),
  })
  .meta({ id: 'ScheduleCheck' });
export type ScheduleCheck = z.infer<typeof scheduleCheckSchema>;
