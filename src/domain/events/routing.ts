// Where an event goes (operations O1): rules first, then a model where the connector allows it, then nobody.

/**
 * - `pending`: nobody has decided yet
 * - `routed`: something was started for it
 * - `kept`: rules are about it, and each was kept from firing
 * - `unhandled`: nothing is about it; visible as such
 * - `asked`: a person is asked where it belongs
 */
export const ROUTINGS = ['pending', 'routed', 'kept', 'unhandled', 'asked'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** Where one action for an event stands. `failed`: it was refused, and nothing of it was done. */
export const EVENT_ACTION_STATES = ['pending', 'done', 'failed'] as const;
export type EventActionState = (typeof EVENT_ACTION_STATES)[number];
