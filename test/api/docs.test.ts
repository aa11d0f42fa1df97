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
        Object.keys(responses),
      ]),
    );
    expect(operations).toEqual([
      ['get /health', 'get-health', ['200', '503']],
      [
        'post /api/schedules',
        'post-schedules',
        ['200', '201', '202', '400', '401', '403', '404', '409', '413', '415', '422', '500', '503'],
      ],
      ['get /api/schedules/{id}', 'get-schedule', ['200', '401', '403', '404', '500', '503']],
      ['get /api/items', 'get-items', ['200', '401', '403', '422', '500', '503']],
      [
        'post /api/jobs/replay',
        'post-jobs-replay',
        ['200', '400', '401', '403', '404', '409', '413', '415', '422', '429', '500', '503'],
      ],
      ['get /api/people', 'get-people', ['200', '401', '403', '500', '503']],
      ['get /api/invitations', 'get-invitations', ['200', '401', '403', '500', '503']],
      ['get /api/keys', 'get-keys', ['200', '401', '403', '500', '503']],
    ]);
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'Error',
      'Health',
      'Item',
      'ItemPage',
      'ReplayAccepted',
      'ReplayRequest',
      'Schedule',
      'ScheduleAccepted',
      'ScheduleRequest',
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
