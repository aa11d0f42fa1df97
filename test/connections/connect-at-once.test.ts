// Many who connect the same new account at the same time, straight at the ledger: one account comes of it.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { openStage, type Stage } from '../harness/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('is one account with the newest of all grants', async () => {
  const { ledger } = stage.context;
  const account = { platform: 'x', name: 'acme', remoteId: '42', apiBase: null, scopes: [], grantExpiresAt: null };
  const connector = { workspaceId: stage.workspaceId, actor: { type: 'USER', id: '1', label: 'Ada' } } as const;
  const ids = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      connectAccount(ledger, { ...account, ...connector, grant: { accessToken: `token-${index}` } }),
    ),
  );
  expect(new Set(ids).size).toBe(1);
  const rows = await ledger.db.select().from(connectedAccounts).where(eq(connectedAccounts.remoteId, '42'));
  expect(rows).toMatchObject([{ id: ids[0], grantVersion: 8, status: 'connected' }]);
});
