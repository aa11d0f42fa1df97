// What can be done in a workspace, and who may: one table behind pages, API and command line alike. A person needs the
// role, a machine's key the scope; without a scope no key may do it.
import type { ApiScope } from '../api/api-scopes.ts';
import type { Role } from './roles.ts';

interface Permission {
  readonly role: Role;
  readonly scope: ApiScope | null;
  /** Completes "may not ..." and "to ... you need". */
  readonly does: string;
}

export const OPERATIONS = {
  'items.read': { role: 'viewer', scope: 'schedules:read', does: 'look at what broke' },
  'schedules.read': { role: 'viewer', scope: 'schedules:read', does: 'look at schedules' },
  'activity.read': { role: 'viewer', scope: 'schedules:read', does: 'read the activity' },
  'accounts.read': { role: 'viewer', scope: 'schedules:read', does: 'look at connected accounts' },
  'report.read': { role: 'viewer', scope: 'schedules:read', does: 'read the morning report' },
  'schedules.create': { role: 'operator', scope: 'schedules:write', does: 'hand over posts' },
  'schedules.edit': { role: 'operator', scope: 'schedules:write', does: 'edit posts' },
  'media.upload': { role: 'operator', scope: 'schedules:write', does: 'upload media' },
  'publish.replay': { role: 'operator', scope: 'replay', does: 'replay publishes' },
  'publish.claim': { role: 'operator', scope: 'recover', does: 'claim items' },
  'publish.resolve': { role: 'operator', scope: 'recover', does: 'decide whether a post is live' },
  'publish.cancel': { role: 'operator', scope: 'recover', does: 'cancel publishes' },
  'publish.reschedule': { role: 'operator', scope: 'recover', does: 'reschedule publishes' },
  'publish.handoff': { role: 'operator', scope: 'recover', does: 'hand publishes to a person' },
  'review.link': { role: 'operator', scope: 'recover', does: 'make review links' },
  'review.decide': { role: 'approver', scope: 'approve', does: 'approve or reject posts' },
  'hold.change': { role: 'operator', scope: 'recover', does: 'hold and release publishing' },
  'runs.read': { role: 'viewer', scope: 'schedules:read', does: 'look at runs' },
  'runs.start': { role: 'operator', scope: 'schedules:write', does: 'start runs' },
  'runs.steer': { role: 'operator', scope: 'recover', does: 'retry, resume and cancel runs, and hand in their files' },
  'runs.recheck': { role: 'operator', scope: 'recover', does: 'check published runs again, and accept what is found' },
  'events.read': { role: 'viewer', scope: 'schedules:read', does: 'look at events and connectors' },
  'events.clear': { role: 'operator', scope: 'recover', does: 'clear dedupe keys' },
  'rules.read': { role: 'viewer', scope: 'schedules:read', does: 'look at rules' },
  'rules.change': { role: 'admin', scope: 'admin', does: 'make and change rules' },
  'connectors.change': { role: 'admin', scope: 'admin', does: 'make and change connectors' },
  'alarms.read': { role: 'viewer', scope: 'schedules:read', does: 'look at alarms' },
  'alarms.answer': { role: 'operator', scope: 'recover', does: 'ack and resolve alarms' },
  'tonight.look': { role: 'operator', scope: 'recover', does: 'have the night looked at again' },
  'proof.export': { role: 'operator', scope: 'proof', does: 'export proof' },
  'accounts.connect': { role: 'admin', scope: 'admin', does: 'connect accounts' },
  'apps.change': { role: 'admin', scope: 'admin', does: 'set platform apps' },
  'keys.read': { role: 'admin', scope: 'admin', does: 'look at API keys' },
  'keys.change': { role: 'admin', scope: null, does: 'make and revoke API keys' },
  'people.read': { role: 'admin', scope: 'admin', does: 'look at people' },
  'people.change': { role: 'admin', scope: null, does: 'invite and remove people' },
  'notifications.read': { role: 'admin', scope: 'admin', does: 'look at notifications' },
  'notifications.change': { role: 'admin', scope: 'admin', does: 'send notifications again and try channels' },
  'proof.keys': { role: 'admin', scope: 'admin', does: 'change the keys of exports' },
} as const satisfies Record<string, Permission>;
export type Operation = keyof typeof OPERATIONS;
