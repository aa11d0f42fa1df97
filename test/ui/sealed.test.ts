// The Temporal UI over sealed payloads, in a real browser: an operator who is signed in reads and sends plain words through the codec
// server, and Temporal holds none of them.
import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { dataConverterOf, payloadKeys } from '../../src/boot/payload-codec.ts';
import { startCodecServer } from '../../src/web/codec-server.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { signIn } from '../connections/person.ts';
import { historyWords } from '../harness/history-words.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { openShop, someText } from '../workflow/shop.ts';
import { type Browser, openBrowser } from './browser.ts';

const key = new Uint8Array(randomBytes(32));
let stage: Stage;
let api: TestApi;
let codec: Awaited<ReturnType<typeof startCodecServer>>;
let browser: Browser;
beforeAll(async () => {
  stage = await openStage({}, { ONCEPOST_PAYLOAD_KEY: Buffer.from(key).toString('base64') });
  await stage.startWorker();
  const sealing = new Client({ connection: stage.temporal.connection, ...dataConverterOf([key]) });
  api = await openApi(stage, { client: sealing });
  const origins = [new URL(inject('temporalUiUrl')).origin];
  const options = { host: '127.0.0.1', port: 0, origins, keys: payloadKeys([key]), publicUrl: null };
  codec = await startCodecServer(stage.context, options);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await codec.close();
  await api.close();
  await stage.close();
});

const runPage = async (scheduleId: string, part: string) => {
  const { runId } = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).describe();
  const id = encodeURIComponent(workflowIdOf(scheduleId));
  return `${inject('temporalUiUrl')}/namespaces/default/workflows/${id}/${runId}/${part}`;
};

/** As in the UI's own dialog: the address of the codec server, and that cookies go with what is asked. */
const setCodec = (page: Page) =>
  page.addInitScript((url) => {
    localStorage.setItem('dataEncoderEndpoint', JSON.stringify(url));
    localStorage.setItem('endpoint', JSON.stringify(url));
    localStorage.setItem('includeCredentials', 'true');
    localStorage.setItem('passAccessToken', 'false');
    localStorage.setItem('overrideRemoteCodecConfiguration', 'true');
  }, codec.url);

it('an operator who is signed in reads the details and sends a signal; Temporal holds neither', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'refuse_before', preset: 'invalid_url' });
  const [id, text] = [`sealed-${randomUUID().slice(0, 8)}`, someText()];
  await api.client().schedule({ id, account: shop.name, text });
  await until('it has failed', async () => (await api.client().get(id)).schedule.state === 'failed');

  const stranger = await browser.newPage();
  await setCodec(stranger);
  const refused = stranger.waitForResponse(
    (response) => response.url().startsWith(codec.url) && response.status() === 401,
  );
  await stranger.goto(await runPage(id, 'user-metadata'));
  await refused;

  const page = await browser.newPage();
  const { sessionId } = await signIn(stage, api.url, 'operator', stage.workspaceId);
  await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url: api.url }]);
  await setCodec(page);
  await page.goto(await runPage(id, 'user-metadata'));
  await page
    .frameLocator('#user-metadata-current-details')
    .getByText('not published; a person is needed')
    .first()
    .waitFor();

  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: 'Send a Signal' }).click();
  const dialog = page.locator('dialog[open], [role=dialog], [role=alertdialog]').filter({ hasText: 'Send a Signal' });
  await dialog.getByTestId('signal-select-button').click();
  await dialog.getByRole('option').filter({ hasText: 'Run a failed publish again.' }).click();
  const editor = page.getByRole('textbox', { name: 'Data' }).locator('visible=true').last();
  await editor.fill(JSON.stringify({ requestedBy: 'Olga in the UI' }));
  await page.getByText('Single JSON payload supported.').locator('visible=true').last().click();
  await dialog.getByTestId('confirm-modal-button').click();
  await until('it is live', async () => (await shop.live()).length === 1);

  const stored = await historyWords(stage.temporal, workflowIdOf(id));
  expect(stored).toContain('binary/oncepost-sealed');
  for (const words of ['Olga', text, 'needs', 'not published']) expect(stored).not.toContain(words);
});
