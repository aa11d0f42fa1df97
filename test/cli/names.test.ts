// Names that become search attributes have limits at every door that makes them; who has an older name keeps it.
import { randomUUID } from 'node:crypto';
import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/domain/people/actor.ts';
import { NameRefused } from '../../src/domain/people/names.ts';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { apiKeys, connectedAccounts, workspaces } from '../../src/ledger/schema/accounts.ts';
import { ensureWorkspace } from '../../src/ledger/workspaces/workspaces.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const TOO_LONG = 'a'.repeat(101);
const AN_ID = '0b7c9a52-3f4e-4d6a-9b1c-2d3e4f5a6b7c';
const WITHIN = 'must have at most 100 characters';
const NO_ID = 'must not have the form of an id (a UUID)';

async function stored() {
  const { db } = stage.context.ledger;
  const rows = [workspaces, apiKeys, connectedAccounts].map((table) => db.select({ rows: count() }).from(table));
  return (await Promise.all(rows)).map(([row]) => row?.rows);
}

const makeKey = (workspace: string) =>
  oncepost(['keys', 'create', '--workspace', workspace, '--name', 'pipeline'], stage.env);

function connectX(name: string, remoteId: string, secrets: object) {
  const args = ['accounts', 'connect', '--workspace', WORKSPACE, '--platform', 'x', '--name', name];
  const whose = ['--remote-id', remoteId, '--api-base', `${stage.sandboxUrl}/x`];
  return oncepost([...args, ...whose], stage.env, JSON.stringify(secrets));
}

describe('a new workspace', () => {
  it.each([
    [TOO_LONG, WITHIN],
    [AN_ID, NO_ID],
    ['two\nlines', 'must be of characters that can be shown (no control characters)'],
  ])('is not made as %j by "keys create"', async (name, problem) => {
    const before = await stored();
    expect(await makeKey(name)).toEqual({
      code: 1,
      stdout: '',
      stderr: `The name of the workspace ${problem}, so no key was made; choose another.\n`,
    });
    expect(await stored()).toEqual(before);
  });

  it('is refused by the ledger itself, whoever asks', async () => {
    await expect(ensureWorkspace(stage.context.ledger, AN_ID)).rejects.toThrow(new NameRefused('workspace', NO_ID));
  });
});

it('a workspace that has a longer name already gets its keys', async () => {
  const id = randomUUID();
  await stage.context.ledger.db.insert(workspaces).values({ id, name: TOO_LONG, createdAt: new Date() });
  expect(await makeKey(TOO_LONG)).toEqual({ code: 0, stdout: expect.stringMatching(/^op_[\w-]{43}\n$/), stderr: '' });
  expect((await ensureWorkspace(stage.context.ledger, TOO_LONG)).id).toBe(id);
});

describe('a new account', () => {
  it.each([
    [TOO_LONG, WITHIN],
    [AN_ID, NO_ID],
  ])('is not connected as %j, and its refresh token is not used up', async (name, problem) => {
    const { userId, clientId, refreshToken } = await stage.sandbox.createAccount({ platform: 'x', name: randomUUID() });
    const before = await stored();
    expect(await connectX(name, userId, { clientId, refreshToken })).toEqual({
      code: 1,
      stdout: '',
      stderr: `The name of the account ${problem}, so nothing was connected; choose another.\n`,
    });
    expect(await stored()).toEqual(before);
    expect(await connectX('short', userId, { clientId, refreshToken })).toMatchObject({ code: 0 });
  });

  it('is refused by the ledger itself, whoever asks', async () => {
    await expect(connectAccount(stage.context.ledger, accountOf('77', TOO_LONG))).rejects.toThrow(
      new NameRefused('account', WITHIN),
    );
  });
});

const accountOf = (remoteId: string, name: string) => ({
  workspaceId: stage.workspaceId,
  platform: 'x',
  name,
  remoteId,
  apiBase: null,
  scopes: [],
  grant: { accessToken: 'never-used' },
  grantExpiresAt: null,
  actor: SYSTEM_ACTOR,
});

describe('an account that has a longer name already', () => {
  const OLD_NAME = 'n'.repeat(300);

  async function withOldName() {
    const account = await stage.connectSandboxAccount({ platform: 'x', name: `old-${randomUUID()}` });
    const { db } = stage.context.ledger;
    await db.update(connectedAccounts).set({ name: OLD_NAME }).where(eq(connectedAccounts.id, account.id));
    return account;
  }

  it('is connected again under it, and under no other that is too long', async () => {
    const { card } = await withOldName();
    const { accessToken } = card;
    expect(await connectX(OLD_NAME, card.userId, { accessToken })).toMatchObject({ code: 0 });
    expect(await connectX(TOO_LONG, card.userId, { accessToken })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(WITHIN),
    });
  });

  it('is indexed by as much of it as Temporal holds in a column', async () => {
    const account = await withOldName();
    await stage.startWorker();
    await stage.sandbox.changeTokens(account.card.id, { action: 'revoke' });
    const handle = await stage.startPublish({ account: account.id, text: 'By an account with a long name' });
    const attributes = await until('the run is indexed', async () => {
      const { typedSearchAttributes } = await handle.describe();
      return typedSearchAttributes.getAll().find(({ key }) => key.name === 'PublishAccount');
    });
    expect(attributes.value).toBe('n'.repeat(255));
  });
});
