// The cause of a stage as every door shows it.
import { z } from 'zod';
import { STAGE_ACTIONS, STAGE_CAUSES, type StageCause } from './stage-causes.ts';

export const stageCauseSchema = z.object({
  code: z.string(),
  /** What the code means, and what happened here. */
  means: z.string(),
  text: z.string(),
  raw: z.string(),
  nextAction: z.enum(STAGE_ACTIONS),
});
export type StageCauseView = z.infer<typeof stageCauseSchema>;

export function viewCause({ code, text, raw }: StageCause): StageCauseView {
  const { means, action } = STAGE_CAUSES[code];
  return { code, means, text, raw, nextAction: action };
}
