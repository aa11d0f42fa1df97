// The practice workspace of a laptop: its revoked account is reconnected by the sandbox's own pages, from end to end.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listConnections } from '../../src/connections/list-connections.ts';
import { listApps } from '../../src/ledger/connections/apps.ts';
import { findWorkspace } from '../../src/ledger/workspaces/workspaces.ts';
import { makePractice } from '../../src/practice/make-practice.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { noticeOf, signIn } from './person.ts';
import { decideAt } from './platform-pages.ts';

/** All files share one Temporal server, where the practice of another has the same schedules. */
const PRACTICE = `practice-${randomUUID().slice(0, 8)}`;

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

it('is made twice as once, and its accounts are reconnected in a browser', async () => {
  const port = Number(new URL(api.url).port);
  const env = { ...stage.context.env, ONCEPOST_PORT: port, ONCEPOST_DATA: stage.folder };
  const context = { ...stage.context, env };
  await makePractice(context, stage.temporal, stage.sandboxUrl, PRACTICE);
  const workspace = await findWorkspace(context.ledger, PRACTICE);
  const workspaceId = workspace?.id ?? '';
  const before = await listApps(context.ledger, workspaceId);
  await makePractice(context, stage.temporal, stage.sandboxUrl, PRACTICE);
  expect(await listApps(context.ledger, workspaceId)).toEqual(before);
  const ada = await signIn(stage, api.url, 'admin', workspaceId);
  for (const account of (await listConnections(context, workspaceId)).filter(
    ({ platform }) => platform !== 'bluesky',
  )) {
    const departure = await ada.post(`/connections/${account.id}/reconnect`);
    const page = await ada.get(await decideAt(departure.leadsTo ?? '', { account: account.remoteId }));
    expect(noticeOf(page)).toContain(`"${account.name}" is connected again.`);
  }
});
