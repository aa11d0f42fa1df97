// The publishing quota: posts in a rolling day; a carousel counts once (platform reference 2.6). The documents disagree
// between 100 and 50; `quota_total` says 50, so that is the default. Another number is a setting.
import { json } from '../answer.ts';
import { unknownObject } from './errors.ts';
import { fieldsOf } from './parameters.ts';
import { type InstagramCall, type InstagramState, readScope, route } from './state.ts';

const daySeconds = 86_400;
const documented = { limit: 50, windowMs: daySeconds * 1000 };

/** An account's use of its quota. */
export type Quota = { used: number; total: number; durationSeconds: number };

/** Counts back from the newest post, no further than the quota reaches. */
export function quotaOf(state: InstagramState, { account, settings, nowMs }: InstagramCall): Quota {
  const { quota } = settings;
  const { limit, windowMs } = (typeof quota === 'object' ? quota.publish : undefined) ?? documented;
  if (quota === 'unlimited') return { used: 0, total: limit, durationSeconds: daySeconds };
  const posts = state.rooms.posts.ofAccount('instagram', account.id);
  let used = 0;
  while (used < limit && (posts.at(-1 - used)?.createdAtMs ?? Number.NEGATIVE_INFINITY) > nowMs - windowMs) used += 1;
  return { used, total: limit, durationSeconds: windowMs / 1000 };
}

/** Registers `content_publishing_limit`. */
export function registerQuota(state: InstagramState): void {
  route(state, 'GET', '/:ig/content_publishing_limit', {
    name: 'publishing_limit',
    scopes: [readScope],
    parameters: ['fields'],
    fields: ['quota_usage', 'config'],
    answer: (call) => {
      const ig = call.request.param('ig');
      if (ig !== call.account.id) return unknownObject('get', ig);
      const { used, total, durationSeconds } = quotaOf(state, call);
      const config = { quota_total: total, quota_duration: durationSeconds };
      return json(200, {
        data: [{ quota_usage: used, ...(fieldsOf(call.parameters).has('config') ? { config } : {}) }],
      });
    },
  });
}
