// The pages as one application: what every request passes, the pages, and the answer to everything else.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import { isDatabaseDown } from '../ledger/database/database.ts';
import { ReplayUnanswered, TemporalUnavailable } from '../publishing/messages/request-replay.ts';
import { activityPage } from './activity/activity-page.ts';
import { alarmPages } from './alarms/alarms-page.ts';
import { batchPage } from './batches/batch-page.ts';
import { connectionPages } from './connections/connection-pages.ts';
import type { PageContext, Pages, PagesDeps, PagesEnv } from './deps.ts';
import { editPages } from './edit/edit-page.ts';
import { eventPage } from './events/events-page.ts';
import { handoffActions } from './handoff/handoff-actions.ts';
import { handoffDownloads } from './handoff/handoff-downloads.ts';
import { handoffPage } from './handoff/handoff-page.ts';
import { holdPages } from './holds/holds-page.ts';
import { incidentPage } from './incidents/incident-page.ts';
import { keysPages } from './keys/keys-page.ts';
import { mediaActions } from './media/media-actions.ts';
import { mediaPage } from './media/media-page.ts';
import { mediaPicture } from './media/picture.ts';
import { notificationActions } from './notifications/notification-actions.ts';
import { notificationsPage } from './notifications/notifications-page.ts';
import { nothingHere, PageRefused } from './page-refused.ts';
import { peopleActions } from './people/people-actions.ts';
import { peoplePage } from './people/people-page.ts';
import { proofPages } from './proof/proof-pages.ts';
import { recoveryActions } from './recovery/actions.ts';
import { recoveryPage } from './recovery/recovery-page.ts';
import { reportPage } from './report/report-page.ts';
import { reviewPages } from './reviews/review-page.ts';
import { reviewerPages } from './reviews/reviewer-page.ts';
import { rulePages } from './rules/rules-page.ts';
import { artifactPage } from './runs/artifact-page.ts';
import { runListPage } from './runs/list-page.ts';
import { newRunPage } from './runs/new-run.ts';
import { runActions } from './runs/run-actions.ts';
import { runPage } from './runs/run-page.ts';
import { listPage } from './schedules/list-page.ts';
import { newPage } from './schedules/new-page.ts';
import { operationPages } from './schedules/operation-pages.ts';
import { storyPage } from './schedules/story-page.ts';
import { formLimit } from './session/form-limit.ts';
import { signedIn } from './session/signed-in.ts';
import { assets } from './shell/assets.ts';
import { barePage, page } from './shell/layout.ts';
import { signInPages } from './sign-in/sign-in-pages.ts';
import { tonightPages } from './tonight/tonight-page.ts';
import { youPages } from './you/you-page.ts';

/** Only our own styles, scripts and pictures; no script in a page, no frame around it. */
const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Builds the pages; they serve nothing by themselves. */
export function createPages(deps: PagesDeps): Pages {
  const pages: Pages = new Hono<PagesEnv>();
  pages.use(
    secureHeaders({
      contentSecurityPolicy: POLICY,
      xFrameOptions: 'DENY',
      referrerPolicy: 'same-origin',
      // Whether the public address is HTTPS only is for whoever terminates TLS to say.
      strictTransportSecurity: false,
    }),
  );
  const platformLabels = new Map([...deps.platforms.values()].map(({ platform, label }) => [platform, label]));
  pages.use(async (c, next) => {
    c.set('platformLabels', platformLabels);
    c.set('arrivedAt', deps.ledger.clock.now());
    // No address of ours has a NUL, which the ledger cannot even look for.
    if (c.req.raw.url.includes('%00')) throw nothingHere();
    await next();
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
  });
  pages.onError((error, c) => refusal(deps, error, c));
  pages.notFound((c) => refusal(deps, nothingHere(), c));
  pages.use(formLimit(deps));
  assets(pages);
  signInPages(pages, deps);
  reviewerPages(pages, deps);
  pages.use(signedIn(deps));
  recoveryPage(pages, deps);
  recoveryActions(pages, deps);
  editPages(pages, deps);
  reviewPages(pages, deps);
  holdPages(pages, deps);
  alarmPages(pages, deps);
  rulePages(pages, deps);
  eventPage(pages, deps);
  tonightPages(pages, deps);
  youPages(pages, deps);
  peoplePage(pages, deps);
  peopleActions(pages, deps);
  keysPages(pages, deps);
  connectionPages(pages, deps);
  reportPage(pages, deps);
  notificationsPage(pages, deps);
  notificationActions(pages, deps);
  proofPages(pages, deps);
  incidentPage(pages, deps);
  batchPage(pages, deps);
  runListPage(pages, deps);
  newRunPage(pages, deps);
  runPage(pages, deps);
  runActions(pages, deps);
  artifactPage(pages, deps);
  listPage(pages, deps);
  newPage(pages, deps);
  storyPage(pages, deps);
  operationPages(pages, deps);
  activityPage(pages, deps);
  handoffPage(pages, deps);
  handoffActions(pages, deps);
  handoffDownloads(pages, deps);
  mediaPage(pages, deps);
  mediaActions(pages, deps);
  mediaPicture(pages, deps);
  return pages;
}

function refusal({ log }: Pick<PagesDeps, 'log'>, error: Error, c: PageContext): Response | Promise<Response> {
  const refused = asRefused(error);
  if (refused.status >= 500) log.error({ err: error, method: c.req.method, path: c.req.path }, refused.message);
  const body = html`<h1>${refused.heading}</h1><p>${refused.message}</p>`;
  const shown =
    c.get('caller') === undefined ? barePage(refused.heading, body) : page(c, { title: refused.heading, body });
  return c.html(shown, refused.status, refused.headers);
}

const SOON = { 'Retry-After': '2' };

function asRefused(error: Error): PageRefused {
  if (error instanceof PageRefused) return error;
  if (isDatabaseDown(error)) {
    return new PageRefused(
      503,
      'The database is away',
      'The database cannot be reached; what was stored before is safe; reload this page in a moment.',
      SOON,
    );
  }
  if (error instanceof TemporalUnavailable) {
    return new PageRefused(
      503,
      'Temporal is away',
      'Temporal cannot be reached, so nothing was changed; try it again in a moment.',
      SOON,
    );
  }
  if (error instanceof ReplayUnanswered) {
    return new PageRefused(
      503,
      'No worker answered',
      'No worker answered in time, so the replay may still begin when one is back; look at the schedule before asking again.',
      SOON,
    );
  }
  return new PageRefused(
    500,
    'A fault of ours',
    'Oncepost met a fault of its own; look at the schedule before you try again; the log has the details.',
  );
}
