// The HTTP API as one application: what every request passes, its operations, and the answers to everything else.
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Handler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { fieldProblems } from '../domain/schedules/schedule-request.ts';
import { getActivity } from './activity/get-activity.ts';
import { alarmOperations } from './alarms/alarms.ts';
import { answerError } from './answer-errors.ts';
import { ApiRefused, invalidRequest } from './api-refused.ts';
import { batchOperations } from './batches/batches.ts';
import { getBatches } from './batches/get-batches.ts';
import { accountOperations } from './connections/accounts.ts';
import { appOperations } from './connections/apps.ts';
import type { Api, ApiDeps, ApiEnv } from './deps.ts';
import { docs } from './docs.ts';
import { eventOperations } from './events/events.ts';
import { postEvent } from './events/post-event.ts';
import { getHealth } from './get-health.ts';
import { getAssets } from './handoffs/get-assets.ts';
import { getHandoff } from './handoffs/get-handoff.ts';
import { postCompletion } from './handoffs/post-completion.ts';
import { holdOperations } from './holds/holds.ts';
import { getIncidents } from './incidents/get-incidents.ts';
import { getItems } from './items/get-items.ts';
import { postClaim } from './items/post-claim.ts';
import { postJobsReplay } from './items/post-jobs-replay.ts';
import { getKeys } from './keys/get-keys.ts';
import { getStored } from './media/get-stored.ts';
import { postMedia } from './media/post-media.ts';
import { notificationOperations } from './notifications/notifications.ts';
import { getInvitations } from './people/get-invitations.ts';
import { getPeople } from './people/get-people.ts';
import { proofExportOperations } from './proof/exports.ts';
import { proofKeyOperations } from './proof/keys.ts';
import { getReport } from './report/get-report.ts';
import { postDecision } from './reviews/post-decision.ts';
import { reviewLinkOperations } from './reviews/review-links.ts';
import { ruleOperations } from './rules/rules.ts';
import { getArtifact } from './runs/get-artifact.ts';
import { postAccept } from './runs/post-accept.ts';
import { postRecheck } from './runs/post-recheck.ts';
import { runOperations } from './runs/runs.ts';
import { runSteering } from './runs/steering.ts';
import { getMediaReview } from './schedules/get-media-review.ts';
import { getNearby } from './schedules/get-nearby.ts';
import { getSchedule } from './schedules/get-schedule.ts';
import { getSchedules } from './schedules/get-schedules.ts';
import { patchSchedule } from './schedules/patch-schedule.ts';
import { postMessages } from './schedules/post-messages.ts';
import { postSchedules } from './schedules/post-schedules.ts';
import { getTonight } from './tonight/get-tonight.ts';
import { postScheduleCheck } from './tonight/post-schedule-check.ts';

/** Builds the API; it serves nothing by itself. */
export function createApi(deps: ApiDeps): Api {
  const api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(fieldProblems(result.error));
    },
  });
  api.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      xFrameOptions: 'DENY',
      // Whether the public address is HTTPS only is for whoever terminates TLS to say.
      strictTransportSecurity: false,
      // The page of the docs brings its own policy.
      overwrite: false,
    }),
  );
  api.use(async (c, next) => {
    c.set('arrivedAt', deps.ledger.clock.now());
    // No address of ours has a NUL, which the ledger cannot even look for; queries are refused by their own rules.
    if (c.req.raw.url.split('?', 1)[0]?.includes('%00')) throw new ApiRefused('not_found');
    await next();
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
  });
  const answer = answerError(deps);
  api.onError(answer);
  getHealth(api, deps);
  postSchedules(api, deps);
  getSchedule(api, deps);
  getItems(api, deps);
  postJobsReplay(api, deps);
  patchSchedule(api, deps);
  postMessages(api, deps);
  postClaim(api, deps);
  postDecision(api, deps);
  reviewLinkOperations(api, deps);
  holdOperations(api, deps);
  alarmOperations(api, deps);
  ruleOperations(api, deps);
  eventOperations(api, deps);
  postEvent(api, deps);
  getTonight(api, deps);
  postScheduleCheck(api, deps);
  getPeople(api, deps);
  getInvitations(api, deps);
  getKeys(api, deps);
  accountOperations(api, deps);
  appOperations(api, deps);
  getReport(api, deps);
  notificationOperations(api, deps);
  proofExportOperations(api, deps);
  proofKeyOperations(api, deps);
  getIncidents(api, deps);
  getBatches(api, deps);
  batchOperations(api, deps);
  getActivity(api, deps);
  getSchedules(api, deps);
  getHandoff(api, deps);
  getAssets(api, deps);
  postCompletion(api, deps);
  getMediaReview(api, deps);
  getNearby(api, deps);
  postMedia(api, deps);
  getStored(api, deps);
  runOperations(api, deps);
  runSteering(api, deps);
  postRecheck(api, deps);
  postAccept(api, deps);
  getArtifact(api, deps);
  docs(api);
  refuseOtherMethods(api);
  api.notFound((c) => answer(new ApiRefused('not_found'), c));
  return api;
}

/** Every address that is taken answers methods it does not take with 405, and says which it takes. */
function refuseOtherMethods(api: Api): void {
  const taken = new Map<string, string[]>();
  for (const { method, path } of api.routes) {
    if (method !== 'ALL') taken.set(path, [...new Set([...(taken.get(path) ?? []), method])]);
  }
  for (const [path, methods] of taken) {
    const allow = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    const refuse: Handler<ApiEnv> = () => {
      throw new ApiRefused('method_not_allowed', { headers: { Allow: allow.join(', ') } });
    };
    api.all(path, refuse);
  }
}
