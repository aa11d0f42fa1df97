// Target identity (DESIGN section 6): which connected account a post goes to, decided without guessing.

export interface AccountIdentity {
  readonly id: string;
  readonly workspaceId: string;
  readonly platform: string;
  readonly name: string;
  readonly deleted: boolean;
}

export const TARGET_PROBLEMS = [
  'account_missing',
  'account_deleted',
  'account_in_other_workspace',
  'account_on_other_platform',
] as const;
export type TargetProblem = (typeof TARGET_PROBLEMS)[number];

export type Selection =
  | { readonly kind: 'selected'; readonly account: AccountIdentity }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly names: readonly string[] };

/** Picks the account a caller named by id or by name, among one workspace's accounts; refuses when several match. */
export function selectTarget(
  accounts: readonly AccountIdentity[],
  wanted: { readonly account: string; readonly platform?: string | undefined },
): Selection {
  const usable = accounts.filter(
    (account) => !account.deleted && (wanted.platform === undefined || account.platform === wanted.platform),
  );
  const byId = usable.find((account) => account.id === wanted.account);
  if (byId) return { kind: 'selected', account: byId };
  const [first, ...others] = usable.filter((account) => account.name === wanted.account);
  if (!first) return { kind: 'none' };
  if (others.length === 0) return { kind: 'selected', account: first };
  return { kind: 'several', names: [first, ...others].map((account) => `${account.platform}:${account.id}`) };
}

/** What is wrong with the stored account at execution, or null when it is still the same one. */
export function targetProblem(
  schedule: { readonly workspaceId: string; readonly platform: string },
  account: Omit<AccountIdentity, 'id' | 'name'> | null,
): TargetProblem | null {
  if (account === null) return 'account_missing';
  if (account.workspaceId !== schedule.workspaceId) return 'account_in_other_workspace';
  if (account.deleted) return 'account_deleted';
  if (account.platform !== schedule.platform) return 'account_on_other_platform';
  return null;
}
