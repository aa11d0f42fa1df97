// What a machine's key may do.

export const API_SCOPES = ['schedules:write', 'schedules:read', 'replay'] as const;
export type ApiScope = (typeof API_SCOPES)[number];
