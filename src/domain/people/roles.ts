// The roles of people in a workspace (recovery surface, R1): each may do what the ones before it may.
import { z } from 'zod';

export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];
export const roleSchema = z.enum(ROLES).meta({ id: 'Role' });

/** What a role is for, in plain words. */
export const ROLE_MEANS: Record<Role, string> = {
  viewer: 'reads everything, changes nothing',
  operator: 'recovers: replays, claims, resolves, cancels, reschedules, edits, hands off, holds',
  approver: 'also approves what goes out',
  admin: 'also people, API keys, connected accounts, platform apps and the keys of exports',
};

/** Whether somebody of this role may do what needs the other. */
export function roleReaches(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
