// The Temporal UI as an operator uses it, in a real browser: read why a publish stopped, replay it, decide one whose
// outcome is unknown, and start one by hand.

import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE, workflowIdOf } from '../harness/workflow-id.ts';
import {
  failedPublish,
  messagesOf,
  openShop,
  postsOf,
  scheduleOf,
  someText,
  unconfirmedPublish,
  untilMessages,
} from '../workflow/shop.ts';
import { type Browser, openBrowser } from './browser.ts';

let stage: Stage;
let browser: Browser;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

const workflowsPage = () => `${inject('temporalUiUrl')}/namespaces/default/workflows`;

/** The run's page, at what it tells of itself. */
async function openRun(scheduleId: string): Promise<Page> {
  const { runId } = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).describe();
  const page = await browser.newPage();
  await page.goto(`${workflowsPage()}/${encodeURIComponent(workflowIdOf(scheduleId))}/${runId}/user-metadata`);
  return page;
}

/** The current details; the UI renders their Markdown in a frame of its own. */
const detailsOf = (page: Page) => page.frameLocator('iframe');

/** Fills the JSON editor and leaves it: that lays the text out anew and moves the button below, which a click would miss. */
async function fillJson(page: Page, value: unknown) {
  const editor = page.getByRole('textbox', { name: 'Data' }).locator('visible=true').last();
  await editor.fill(JSON.stringify(value));
  await page.getByText('Single JSON payload supported.').locator('visible=true').last().click();
}

/** Opens one of the dialogs under "More Actions". */
async function openDialog(page: Page, action: 'Send a Signal' | 'Send an Update') {
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: action }).click();
  const dialog = page.locator('dialog[open], [role=dialog], [role=alertdialog]').filter({ hasText: action });
  await dialog.getByRole('heading', { name: action }).waitFor();
  return dialog;
}

it('a failed publish is replayed by a signal, and goes live once', async () => {
  const { shop, handle, scheduleId } = await failedPublish(stage);
  const page = await openRun(scheduleId);
  await detailsOf(page).getByText('This Tweet contains an invalid URL.').waitFor();
  const details = detailsOf(page).getByText('not published; a person is needed. Attempts so far: 1.');
  expect(await details.textContent()).toContain(`Failed for x account ${shop.name}`);
  const dialog = await openDialog(page, 'Send a Signal');
  await dialog.getByTestId('signal-select-button').click();
  const replay = dialog.getByRole('option').filter({ hasText: 'Run a failed publish again.' });
  expect(await replay.textContent()).toContain('replay');
  expect(await replay.textContent()).toContain('{"requestedBy": "you", "note": "why", "expectedAttempt": 1}');
  await replay.click();
  await fillJson(page, { requestedBy: 'Olga', note: 'from the UI', expectedAttempt: 1 });
  await dialog.getByTestId('confirm-modal-button').click();
  expect(await handle.result()).toMatchObject({ state: 'published', attempts: 2 });
  expect(await shop.live()).toHaveLength(1);
  expect(await shop.creates()).toBe(2);
  expect(await messagesOf(stage, scheduleId)).toMatchObject([
    { name: 'replay', body: { requestedBy: 'Olga', note: 'from the UI' }, verdict: { accepted: true } },
  ]);
  await page.reload();
  await page.getByText('Completed', { exact: true }).first().waitFor();
  expect(await detailsOf(page).getByText('Live on x account').textContent()).toContain((await shop.live())[0]?.id);
});

it('a signal that nobody defined is refused, and the page says so', async () => {
  const { shop, scheduleId } = await failedPublish(stage);
  const page = await openRun(scheduleId);
  const dialog = await openDialog(page, 'Send a Signal');
  await dialog.getByTestId('signal-select-button').click();
  await dialog.getByRole('option').filter({ hasText: 'Custom' }).click();
  await dialog.locator('#custom-signal, #signal-name, input[type=text]:visible').last().fill('publish it now');
  await dialog.getByTestId('confirm-modal-button').click();
  await untilMessages(stage, scheduleId, 1);
  await page.reload();
  const line = detailsOf(page).getByRole('listitem').filter({ hasText: 'publish it now' });
  expect(await line.textContent()).toMatch(/publish it now refused, unknown_message: No message of that name exists\./);
  expect((await scheduleOf(stage, scheduleId))?.state).toBe('failed');
  expect(await shop.creates()).toBe(1);
});

it('a publish of unknown outcome is resolved by an update, whose verdict the page shows', async () => {
  const { shop, handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
  const platformPostId = (await shop.live())[0]?.id;
  const page = await openRun(scheduleId);
  await detailsOf(page).getByText('nobody can tell whether it is live').waitFor();
  const dialog = await openDialog(page, 'Send an Update');
  await dialog.getByTestId('update-select-button').click();
  await dialog.getByRole('option').filter({ hasText: 'Decide an unconfirmed publish.' }).click();
  const body = { verdict: 'live', platformPostId, decidedBy: 'Olga', evidence: 'I see it' };
  await fillJson(page, body);
  await dialog.getByTestId('confirm-modal-button').click();
  expect(await handle.result()).toMatchObject({ state: 'published', platformPostId });
  expect(await postsOf(stage, scheduleId)).toMatchObject([{ evidence: 'resolved_by_person' }]);
  expect(await shop.creates()).toBe(1);
});

it('a publish is started by the form, with the whole post as its input', async () => {
  const shop = await openShop(stage);
  const scheduleId = randomUUID();
  const schedule = { workspace: WORKSPACE, account: shop.name, text: someText() };
  const page = await browser.newPage();
  await page.goto(`${workflowsPage()}/start-workflow`);
  await page.getByTestId('workflowId').fill(workflowIdOf(scheduleId));
  await page.getByTestId('taskQueue').fill(stage.taskQueue);
  await page.getByTestId('workflowType').fill('publish');
  await fillJson(page, { schedule });
  await page.getByTestId('start-workflow-button').click();
  await until('the post is live', async () => (await shop.live()).length > 0);
  const handle = stage.temporal.workflow.getHandle(workflowIdOf(scheduleId));
  expect(await handle.result()).toMatchObject({ state: 'published', attempts: 1 });
  expect(await shop.live()).toMatchObject([{ text: schedule.text }]);
  expect(await shop.creates()).toBe(1);
});
