// What a site would refuse of a post, asked before anybody decides on it.
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { blogOptionsSchema } from '../blog/options.ts';
import type { AccountSession } from '../sessions.ts';
import { identify } from './owner.ts';
import { findSite } from './site.ts';
import { categoryOf } from './terms.ts';

/** Its zone must be a category; tags are made. @throws StepRefused | StepUnanswered */
export async function refuses(session: AccountSession, options: unknown): Promise<readonly FieldProblem[]> {
  await identify(session);
  const zone = blogOptionsSchema.safeParse(options).data?.zone;
  if (zone === undefined || (await categoryOf(session, await findSite(session), zone)) !== null) return [];
  const limit = 'one of its categories, by its slug; make it in WordPress, or choose another zone';
  return [{ field: 'options.zone', problem: `"${zone}" is no category of this site`, limit }];
}
