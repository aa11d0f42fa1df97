// `oncepost accounts`: an account is connected only when the platform says that the grant is its own.

import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import type { AccountCard } from '../../src/sandbox/control.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { type RealPds, startRealPds } from '../platforms/bluesky/real-pds.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const PATHS = { x: '/x', instagram: '/instagram/v25.0' } as const;
type Platform = keyof typeof PATHS;

function connect(platform: Platform, remoteId: string, accessToken: string, apiBase = stage.sandboxUrl) {
  return connectWith(platform, remoteId, { accessToken }, `${apiBase}${PATHS[platform]}`);
}

function connectWith(platform: string, remoteId: string, secrets: object, apiBase: string) {
  const args = ['accounts', 'connect', '--workspace', WORKSPACE, '--platform', platform, '--name', `my-${platform}`];
  return oncepost([...args, '--remote-id', remoteId, '--api-base', apiBase], stage.env, JSON.stringify(secrets));
}

async function rowOf(remoteId: string) {
  const { db } = stage.context.ledger;
  const [row] = await db.select().from(connectedAccounts).where(eq(connectedAccounts.remoteId, remoteId));
  return row;
}

const make = (platform: Platform, name: string): Promise<AccountCard> =>
  stage.sandbox.createAccount({ platform, name });

async function stored(): Promise<number> {
  const [row] = await stage.context.ledger.db.select({ rows: count() }).from(connectedAccounts);
  return row?.rows ?? 0;
}

async function refusal(connecting: ReturnType<typeof connect>): Promise<string> {
  const before = await stored();
  const { code, stdout, stderr } = await connecting;
  expect({ code, stdout, stored: await stored() }).toEqual({ code: 1, stdout: '', stored: before });
  return stderr;
}

describe.each([
  ['x', 'X'],
  ['instagram', 'Instagram'],
] as const)('an account of %s', (platform, label) => {
  it('is connected with its own grant, and listed', async () => {
    const card = await make(platform, `${platform}-mine`);
    const { code, stdout } = await connect(platform, card.userId, card.accessToken);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        new RegExp(`^Connected ${platform} account "my-${platform}" \\([-0-9a-f]{36}\\)\\.\n$`),
      ),
    });
    const row = await rowOf(card.userId);
    expect(row).toMatchObject({ platform, status: 'connected', name: `my-${platform}` });
    const list = await oncepost(['accounts', 'list', '--workspace', WORKSPACE], stage.env);
    expect(list.stdout).toMatch(new RegExp(`^${platform} +my-${platform} +${row?.id} connected$`, 'm'));
  });

  it('is not connected with the grant of another', async () => {
    const mine = await make(platform, `${platform}-meant`);
    const other = await make(platform, `${platform}-other`);
    expect(await refusal(connect(platform, mine.userId, other.accessToken))).toBe(
      `The grant is that of ${label} account ${other.userId}, not of ${mine.userId}, so nothing was connected; get a grant of the account you mean, or correct its remote id.\n`,
    );
  });

  it('is not connected with a grant that the platform does not take, and the sentence keeps it', async () => {
    const mine = await make(platform, `${platform}-bad-grant`);
    const said = await refusal(connect(platform, mine.userId, 'not-a-token-of-anybody'));
    expect(said).toMatch(
      new RegExp(`^${label} does not take the grant \\(\\w+: .+\\), so nothing was connected; get a new one`),
    );
    expect(said).not.toContain('not-a-token-of-anybody');
  });

  it('is not connected while the platform cannot be asked', async () => {
    const mine = await make(platform, `${platform}-unasked`);
    expect(await refusal(connect(platform, mine.userId, mine.accessToken, 'http://127.0.0.1:1'))).toMatch(
      new RegExp(
        `^${label} could not be asked whose grant this is \\(.+\\), so nothing was connected; try again later\\.\n$`,
      ),
    );
  });
});

it('an account is not connected while the platform throttles, and the sentence says until when', async () => {
  const mine = await make('x', 'x-throttled');
  const throttle = { kind: 'rate_limited', form: 'epoch', resetInMs: 600_000 } as const;
  await stage.sandbox.addFault({ platform: 'x', account: mine.id, call: 'users_me', fault: throttle });
  expect(await refusal(connect('x', mine.userId, mine.accessToken))).toMatch(
    /^X could not be asked whose grant this is \(it throttles until \d{4}-\S+Z\), so nothing was connected; try again later\.\n$/,
  );
});

it('an account of X is connected with a refresh token alone', async () => {
  const { userId, clientId, refreshToken } = await make('x', 'x-refreshed');
  const { code } = await connectWith('x', userId, { clientId, refreshToken }, `${stage.sandboxUrl}/x`);
  expect(code).toBe(0);
  const row = await rowOf(userId);
  expect(row?.scopes).toContain('tweet.write');
  expect(row?.grantExpiresAt?.getTime()).toBeGreaterThan(Date.now());
});

it('a refresh token that turns out to be of another account is used up, and the sentence says so', async () => {
  const { clientId, refreshToken } = await make('x', 'x-spent');
  const meant = await make('x', 'x-meant-by-refresh');
  const said = await refusal(connectWith('x', meant.userId, { clientId, refreshToken }, `${stage.sandboxUrl}/x`));
  expect(said).toContain(
    'so nothing was connected; the refresh token is used up, so get a new grant, of the account you',
  );
});

it('secrets that hold nothing to sign in with are refused by name', async () => {
  expect(await refusal(connectWith('x', '12', { clientId: 'c' }, `${stage.sandboxUrl}/x`))).toBe(
    'The secrets on stdin cannot be used (accessToken: give it, or a refreshToken, or identifier and password), so nothing was connected.\n',
  );
});

describe('an account of Bluesky, on a real PDS,', () => {
  let real: RealPds;
  beforeAll(async () => {
    real = await startRealPds();
  });
  afterAll(() => real.stop());

  it('is connected with an app password alone', async () => {
    const { did, handle, appPassword } = real.alice;
    const { code } = await connectWith('bluesky', did, { identifier: handle, password: appPassword }, real.pds.url);
    expect(code).toBe(0);
    expect((await rowOf(did))?.grantExpiresAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it('is not connected with a wrong one, nor with that of another', async () => {
    const { did, handle, appPassword } = real.alice;
    const wrong = { identifier: handle, password: 'aaaa-bbbb-cccc-dddd' };
    expect(await refusal(connectWith('bluesky', did, wrong, real.pds.url))).toMatch(
      /^Bluesky does not take the grant \(\w+: .+\), so nothing was connected; get a new one/,
    );
    const other = await real.pds.createAccount('bob.test');
    const mine = { identifier: handle, password: appPassword };
    expect(await refusal(connectWith('bluesky', other.did, mine, real.pds.url))).toContain(
      'belongs to another Bluesky account',
    );
  });
});
