// Who may do what, written out: every role and every scope against every operation.
import { describe, expect, it } from 'vitest';
import { API_SCOPES, type ApiScope } from '../../src/domain/api/api-scopes.ts';
import { may } from '../../src/domain/people/caller.ts';
import { OPERATIONS, type Operation } from '../../src/domain/people/operations.ts';
import { ROLES, roleReaches } from '../../src/domain/people/roles.ts';

/** `v` viewer, `o` operator, `p` approver, `a` admin; then the one scope with which a key may, or a dash for none. */
const TABLE: Readonly<Record<Operation, readonly [roles: string, scope: ApiScope | '-']>> = {
  'items.read': ['vopa', 'schedules:read'],
  'schedules.read': ['vopa', 'schedules:read'],
  'report.read': ['vopa', 'schedules:read'],
  'activity.read': ['vopa', 'schedules:read'],
  'accounts.read': ['vopa', 'schedules:read'],
  'schedules.create': ['opa', 'schedules:write'],
  'schedules.edit': ['opa', 'schedules:write'],
  'media.upload': ['opa', 'schedules:write'],
  'publish.replay': ['opa', 'replay'],
  'publish.claim': ['opa', 'recover'],
  'publish.resolve': ['opa', 'recover'],
  'publish.cancel': ['opa', 'recover'],
  'publish.reschedule': ['opa', 'recover'],
  'publish.handoff': ['opa', 'recover'],
  'review.link': ['opa', 'recover'],
  'review.decide': ['pa', 'approve'],
  'hold.change': ['opa', 'recover'],
  'runs.read': ['vopa', 'schedules:read'],
  'runs.start': ['opa', 'schedules:write'],
  'runs.steer': ['opa', 'recover'],
  'runs.recheck': ['opa', 'recover'],
  'events.read': ['vopa', 'schedules:read'],
  'events.clear': ['opa', 'recover'],
  'rules.read': ['vopa', 'schedules:read'],
  'rules.change': ['a', 'admin'],
  'connectors.change': ['a', 'admin'],
  'alarms.read': ['vopa', 'schedules:read'],
  'alarms.answer': ['opa', 'recover'],
  'tonight.look': ['opa', 'recover'],
  'proof.export': ['opa', 'proof'],
  'accounts.connect': ['a', 'admin'],
  'apps.change': ['a', 'admin'],
  'keys.read': ['a', 'admin'],
  'keys.change': ['a', '-'],
  'people.read': ['a', 'admin'],
  'people.change': ['a', '-'],
  'proof.keys': ['a', 'admin'],
  'notifications.read': ['a', 'admin'],
  'notifications.change': ['a', 'admin'],
};
const LETTERS = { viewer: 'v', operator: 'o', approver: 'p', admin: 'a' } as const;
const isOperation = (name: string): name is Operation => Object.hasOwn(OPERATIONS, name);
const rows = Object.keys(OPERATIONS).filter(isOperation);

describe('who may', () => {
  it('is written out for every operation', () => {
    expect(rows.sort()).toEqual(Object.keys(TABLE).sort());
  });

  it.each(rows)('%s: by role', (operation) => {
    const able = ROLES.filter((role) => may({ kind: 'person', role }, operation));
    expect(able.map((role) => LETTERS[role]).join('')).toBe(TABLE[operation][0]);
  });

  it.each(rows)('%s: by scope, one at a time and all but that one together', (operation) => {
    const [, scope] = TABLE[operation];
    const able = API_SCOPES.filter((one) => may({ kind: 'key', scopes: [one] }, operation));
    expect(able).toEqual(scope === '-' ? [] : [scope]);
    const others = API_SCOPES.filter((one) => one !== scope);
    expect(may({ kind: 'key', scopes: others }, operation)).toBe(false);
  });
});

it('a role reaches itself and what stands before it', () => {
  const reached = ROLES.map((role) => ROLES.filter((needed) => roleReaches(role, needed)).length);
  expect(reached).toEqual([1, 2, 3, 4]);
});
