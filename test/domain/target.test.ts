// Target identity (DESIGN section 6): selection picks the only match and never guesses; execution wants the same account.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type AccountIdentity, selectTarget, TARGET_PROBLEMS, targetProblem } from '../../src/domain/gate/target.ts';

const account = (id: string, platform: string, name: string, deleted = false): AccountIdentity => ({
  id,
  workspaceId: 'w1',
  platform,
  name,
  deleted,
});

const ACCOUNTS = [
  account('a1', 'x', 'brand'),
  account('a2', 'instagram', 'brand'),
  account('a3', 'x', 'news'),
  account('a4', 'x', 'news'),
  account('a5', 'bluesky', 'gone', true),
  account('a6', 'bluesky', 'back', true),
  account('a7', 'bluesky', 'back'),
];

const several = (...names: string[]) => ({ kind: 'several', names });
const none = { kind: 'none' };

describe('selection', () => {
  it.each([
    ['the only account of that name', { account: 'back' }, 'a7'],
    ['the only one of that name on the platform', { account: 'brand', platform: 'x' }, 'a1'],
    ['an account by its id', { account: 'a2' }, 'a2'],
    ['one of two namesakes by its id', { account: 'a4' }, 'a4'],
  ])('picks %s', (_, wanted, id) => {
    expect(selectTarget(ACCOUNTS, wanted)).toEqual({
      kind: 'selected',
      account: ACCOUNTS.find((one) => one.id === id),
    });
  });

  it.each([
    ['a name on two platforms', { account: 'brand' }, several('x:a1', 'instagram:a2')],
    ['a name twice on one platform', { account: 'news', platform: 'x' }, several('x:a3', 'x:a4')],
    ['a name nobody has', { account: 'nobody' }, none],
    ['a deleted account by name', { account: 'gone' }, none],
    ['a deleted account by id', { account: 'a5' }, none],
    ['an id on another platform', { account: 'a1', platform: 'bluesky' }, none],
    ['a name that differs in case', { account: 'Back' }, none],
    ['an empty name', { account: '' }, none],
  ])('refuses %s', (_, wanted, refusal) => {
    expect(selectTarget(ACCOUNTS, wanted)).toEqual(refusal);
  });

  it('takes an id at its word, even where another account carries it as a name', () => {
    const accounts = [account('a1', 'x', 'brand'), account('a2', 'x', 'a1')];
    expect(selectTarget(accounts, { account: 'a1' })).toEqual({ kind: 'selected', account: accounts[0] });
  });

  it('never picks a deleted account or one on another platform, and never one of several', () => {
    const word = fc.constantFrom('p', 'q', 'r');
    const accounts = fc.uniqueArray(
      fc.record({ id: word, workspaceId: fc.constant('w1'), platform: word, name: word, deleted: fc.boolean() }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(accounts, word, fc.option(word, { nil: undefined }), (all, wanted, platform) => {
        const selection = selectTarget(all, { account: wanted, platform });
        if (selection.kind !== 'selected') return;
        expect(selection.account.deleted).toBe(false);
        if (platform !== undefined) expect(selection.account.platform).toBe(platform);
        const { id } = selection.account;
        const rivals = all.filter(
          (one) => one.id !== id && !one.deleted && one.name === wanted && (platform ?? one.platform) === one.platform,
        );
        if (id !== wanted) expect(rivals).toEqual([]);
      }),
    );
  });
});

describe('execution', () => {
  const schedule = { workspaceId: 'w1', platform: 'x' };

  /** Workspace, deleted, platform; and what is wrong. */
  it.each([
    ['w1', false, 'x', null],
    ['w1', false, 'instagram', 'account_on_other_platform'],
    ['w1', true, 'x', 'account_deleted'],
    ['w1', true, 'instagram', 'account_deleted'],
    ['w2', false, 'x', 'account_in_other_workspace'],
    ['w2', false, 'instagram', 'account_in_other_workspace'],
    ['w2', true, 'x', 'account_in_other_workspace'],
    ['w2', true, 'instagram', 'account_in_other_workspace'],
  ])('in workspace %s, deleted %s, on %s: %s', (workspaceId, deleted, platform, problem) => {
    expect(targetProblem(schedule, { workspaceId, deleted, platform })).toBe(problem);
  });

  it('without the account: account_missing', () => {
    expect(targetProblem(schedule, null)).toBe('account_missing');
  });
});

test('the problems are these', () => {
  expect(TARGET_PROBLEMS).toEqual([
    'account_missing',
    'account_deleted',
    'account_in_other_workspace',
    'account_on_other_platform',
  ]);
});
