// What a machine's key may do; which operation needs which stands in ../people/operations.ts.

export const API_SCOPES = [
  'schedules:write',
  'schedules:read',
  'replay',
  'recover',
  'approve',
  'proof',
  'admin',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** What a scope is for, in plain words. */
export const SCOPE_MEANS: Record<ApiScope, string> = {
  'schedules:write': 'hands over posts, edits them, uploads media',
  'schedules:read': 'reads schedules, items, activity and accounts',
  replay: 'replays publishes',
  recover:
    'claims, resolves, cancels, reschedules, hands off, holds, makes review links, has the night looked at again',
  approve: 'approves and rejects posts',
  proof: 'exports proof',
  admin: 'reads people and keys; connects accounts, sets platform apps and the keys of exports',
};
