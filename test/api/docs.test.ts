// The API described by itself: a document that tools can read, and a page that works under its own strict policy.
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStage, type Stage } from '../harness/stage.ts';
import { openApi, type TestApi } from './open-api.ts';

const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) })),
  ),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});

describe('the docs', () => {
  let stage: Stage;
  let api: TestApi;
  let browser: Browser;
  beforeAll(async () => {
    stage = await openStage();
    api = await openApi(stage);
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await api.close();
    await stage.close();
  });

  it('describe every operation with its answers, in OpenAPI 3.1', async () => {
    const { status, body } = await api.ask('GET', '/openapi.json', { key: null });
    expect(status).toBe(200);
    const document = documentSchema.parse(body);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, responses }]) => [
        `${method} ${path}`,
        operationId,
        Object.keys(responses).join(' '),
      ]),
    );
    expect(operations).toEqual([
      ['get /health', 'get-health', '200 503'],
      ['post /api/schedules', 'post-schedules', '200 201 202 400 401 403 404 409 413 415 422 500 503'],
      ['get /api/schedules', 'get-schedules', '200 401 403 422 500 503'],
      ['get /api/schedules/{id}', 'get-schedule', '200 401 403 404 500 503'],
      ['patch /api/schedules/{id}', 'patch-schedule', '200 400 401 403 404 409 413 415 422 500 503'],
      ['get /api/items', 'get-items', '200 401 403 422 500 503'],
      ['post /api/jobs/replay', 'post-jobs-replay', '200 400 401 403 404 409 413 415 422 429 500 503'],
      ['post /api/schedules/{id}/cancel', 'post-schedule-cancel', '200 400 401 403 404 409 413 415 422 500 503'],
      [
        'post /api/schedules/{id}/reschedule',
        'post-schedule-reschedule',
        '200 400 401 403 404 409 413 415 422 500 503',
      ],
      ['post /api/schedules/{id}/resume', 'post-schedule-resume', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/schedules/{id}/handoff', 'post-schedule-handoff', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/schedules/{id}/resolve', 'post-schedule-resolve', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/schedules/{id}/claim', 'post-claim', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/schedules/{id}/decisions', 'post-decision', '200 400 401 403 404 410 413 415 422 500 503'],
      ['get /api/schedules/{id}/review-links', 'get-review-links', '200 401 403 404 500 503'],
      ['post /api/schedules/{id}/review-links', 'post-review-link', '201 400 401 403 404 410 413 415 422 500 503'],
      ['delete /api/schedules/{id}/review-links/{linkId}', 'delete-review-link', '200 401 403 404 422 500 503'],
      ['get /api/holds', 'get-holds', '200 401 403 500 503'],
      ['post /api/holds', 'post-hold', '200 400 401 403 404 413 415 422 500 503'],
      ['post /api/holds/{id}/release', 'post-hold-release', '200 400 401 403 404 413 415 422 500 503'],
      ['get /api/alarms', 'get-alarms', '200 401 403 422 500 503'],
      ['post /api/alarms/{id}/ack', 'post-alarm-ack', '200 400 401 403 404 413 415 422 500 503'],
      ['post /api/alarms/{id}/resolve', 'post-alarm-resolve', '200 400 401 403 404 413 415 422 500 503'],
      ['get /api/rules', 'get-rules', '200 401 403 422 500 503'],
      ['post /api/rules', 'post-rule', '201 400 401 403 409 413 415 422 500 503'],
      ['patch /api/rules/{id}', 'patch-rule', '200 400 401 403 404 409 413 415 422 500 503'],
      ['get /api/events', 'get-events', '200 401 403 422 500 503'],
      ['delete /api/events/keys/{key}', 'delete-dedupe-key', '200 401 403 404 422 500 503'],
      ['get /api/connectors', 'get-connectors', '200 401 403 422 500 503'],
      ['post /api/connectors', 'post-connector', '201 400 401 403 409 413 415 422 500 503'],
      ['post /api/events/{connectorId}', 'post-event', '200 400 404 413 429 500 503'],
      ['get /api/tonight', 'get-tonight', '200 401 403 422 429 500 503'],
      ['post /api/schedules/check', 'post-schedule-check', '200 400 401 403 413 415 422 500 503'],
      ['get /api/people', 'get-people', '200 401 403 500 503'],
      ['get /api/invitations', 'get-invitations', '200 401 403 500 503'],
      ['get /api/keys', 'get-keys', '200 401 403 500 503'],
      ['get /api/accounts', 'get-accounts', '200 401 403 500 503'],
      ['post /api/accounts', 'post-account', '200 201 400 401 403 409 413 415 422 500 503'],
      ['get /api/accounts/{id}', 'get-account', '200 401 403 404 500 503'],
      ['delete /api/accounts/{id}', 'delete-account', '200 401 403 404 500 503'],
      ['get /api/apps', 'get-apps', '200 401 403 500 503'],
      ['put /api/apps/{platform}', 'put-app', '200 400 401 403 404 413 415 422 500 503'],
      ['delete /api/apps/{platform}', 'delete-app', '200 401 403 404 500 503'],
      ['get /api/report', 'get-report', '200 401 403 422 500 503'],
      ['get /api/notifications', 'get-notifications', '200 401 403 422 500 503'],
      ['post /api/notifications/{id}/redeliver', 'post-notification-redeliver', '202 401 403 404 500 503'],
      ['post /api/notifications/test', 'post-notification-test', '202 400 401 403 404 413 415 422 500 503'],
      ['post /api/proof/exports', 'post-proof-export', '200 400 401 403 409 413 415 422 500 503'],
      ['get /api/proof/exports', 'get-proof-exports', '200 401 403 500 503'],
      ['get /api/proof/exports/{id}', 'get-proof-export', '200 401 403 404 500 503'],
      ['get /api/proof/exports/{id}/file', 'get-proof-export-file', '200 401 403 404 409 410 500 503'],
      ['get /api/proof/keys', 'get-proof-keys', '200 401 403 500 503'],
      ['post /api/proof/keys', 'post-proof-key', '201 401 403 500 503'],
      ['post /api/proof/secrets', 'post-proof-secret', '201 401 403 500 503'],
      ['get /.well-known/oncepost-proof-keys.json', 'get-proof-jwks', '200 500 503'],
      ['get /api/incidents', 'get-incidents', '200 401 403 500 503'],
      ['get /api/batches', 'get-batches', '200 401 403 422 500 503'],
      ['post /api/batches', 'post-batches', '200 400 401 403 404 409 413 415 422 429 500 503'],
      ['get /api/batches/{id}', 'get-batch', '200 401 403 404 422 500 503'],
      ['post /api/batches/{id}/cancel', 'post-batch-cancel', '200 401 403 404 409 500 503'],
      ['get /api/activity', 'get-activity', '200 401 403 422 500 503'],
      ['get /api/handoffs/{id}', 'get-handoff', '200 401 403 404 500 503'],
      ['get /api/handoffs/{id}/assets.zip', 'get-handoff-zip', '200 401 403 404 500 503'],
      ['get /api/handoffs/{id}/assets/{number}', 'get-handoff-asset', '200 401 403 404 409 500 503'],
      ['post /api/handoffs/{id}/completion', 'post-handoff-completion', '200 400 401 403 404 409 413 415 422 500 503'],
      ['get /api/schedules/{id}/media', 'get-media-review', '200 401 403 404 500 503'],
      ['get /api/schedules/{id}/nearby', 'get-nearby', '200 401 403 404 500 503'],
      ['post /api/media', 'post-media', '200 201 400 401 403 413 415 500 503'],
      ['post /api/runs', 'post-runs', '200 201 202 400 401 403 413 415 422 500 503'],
      ['get /api/runs', 'get-runs', '200 401 403 422 500 503'],
      ['get /api/runs/{id}', 'get-run', '200 401 403 404 500 503'],
      ['post /api/runs/{id}/retry', 'post-run-retry', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/runs/{id}/resume', 'post-run-resume', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/runs/{id}/cancel', 'post-run-cancel', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/runs/{id}/rename', 'post-run-rename', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/runs/{id}/adopt', 'post-run-adopt', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/runs/{id}/submit', 'post-run-submit', '200 400 401 403 404 409 413 415 422 500 503'],
      ['post /api/runs/{id}/decisions', 'post-run-decision', '200 400 401 403 404 409 410 413 415 422 500 503'],
      ['post /api/runs/{id}/recheck', 'post-run-recheck', '200 401 403 404 409 422 500 503'],
      [
        'post /api/runs/{id}/rechecks/{recheckId}/accept',
        'post-run-accept',
        '200 400 401 403 404 409 413 415 422 500 503',
      ],
      ['get /api/runs/{id}/artifacts/{name}', 'get-run-artifact', '200 401 403 404 422 500 503'],
    ]);
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'ActivityPage',
      'Alarm',
      'AlarmAnswered',
      'AlarmWord',
      'Alarms',
      'ApiKey',
      'ApiKeys',
      'AuditChain',
      'AuditEvent',
      'Batch',
      'BatchAccepted',
      'BatchCanceled',
      'BatchPage',
      'BatchRequest',
      'BatchSummary',
      'CallAnswer',
      'CancelRequest',
      'Channel',
      'ChannelTestRequest',
      'ClaimRequest',
      'Claimed',
      'CompletionRequest',
      'ConnectRequest',
      'Connected',
      'Connection',
      'ConnectionStory',
      'Connections',
      'Connector',
      'ConnectorMade',
      'ConnectorRequest',
      'Connectors',
      'Decided',
      'DecisionRequest',
      'DedupeKeyCleared',
      'Delivery',
      'EditRequest',
      'Edited',
      'Error',
      'Event',
      'EventTaken',
      'Events',
      'Finding',
      'HandedFiles',
      'HandoffPack',
      'HandoffReason',
      'HandoffRequest',
      'Health',
      'Hold',
      'HoldPlaced',
      'HoldReleased',
      'HoldRequest',
      'Holds',
      'Incident',
      'Incidents',
      'Invitation',
      'Invitations',
      'Item',
      'ItemPage',
      'MediaReview',
      'MessageAccepted',
      'MorningReport',
      'Nearby',
      'NotificationQueued',
      'Notifications',
      'People',
      'Person',
      'PlatformApp',
      'PlatformAppRequest',
      'PlatformApps',
      'ProofExport',
      'ProofExportRequest',
      'ProofExports',
      'ProofJwks',
      'ProofKeyMade',
      'ProofKeys',
      'ProofSecretMade',
      'ReleaseRequest',
      'ReplayAccepted',
      'ReplayRequest',
      'RescheduleRequest',
      'ResolveRequest',
      'ResumeRequest',
      'ReviewLink',
      'ReviewLinkMade',
      'ReviewLinkRequest',
      'ReviewLinkRevoked',
      'ReviewLinks',
      'Role',
      'Rule',
      'RuleChange',
      'RuleCondition',
      'RuleRequest',
      'Rules',
      'RunAcceptRequest',
      'RunAccepted',
      'RunAdoptRequest',
      'RunCancelRequest',
      'RunDecided',
      'RunDecisionRequest',
      'RunFinding',
      'RunFindingAccepted',
      'RunMessageAccepted',
      'RunPage',
      'RunRecheck',
      'RunRecheckAsked',
      'RunRenameRequest',
      'RunRequest',
      'RunResumeRequest',
      'RunRetryRequest',
      'RunSubmitRequest',
      'RunSummary',
      'RunView',
      'Schedule',
      'ScheduleAccepted',
      'ScheduleCheck',
      'ScheduleCheckRequest',
      'ScheduleRequest',
      'SentCall',
      'StoredMedia',
      'TimeWindow',
      'Tonight',
      'Version',
    ]);
    expect(document.components.securitySchemes).toMatchObject({ apiKey: { type: 'http', scheme: 'bearer' } });
  });

  it('can be read in a browser, without a request to anybody else and without breaking their policy', async () => {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(api.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${api.url}/docs`);
    await page.getByText('Hand a post over to be published').click();
    await page.getByText('Idempotency-Key', { exact: true }).first().waitFor();
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
    const policy = (await fetch(`${api.url}/docs`)).headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
    await page.close();
  });
});
