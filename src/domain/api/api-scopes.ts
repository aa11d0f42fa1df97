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
