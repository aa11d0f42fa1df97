// What the audit trail can say. Names are byte-exact and never change meaning.
import type { ScheduleEvent } from '../schedules/states.ts';

/** The audit type of each event of a schedule. */
export const SCHEDULE_AUDIT = {
  attempt_started: 'publish.attempt_started',
  published: 'publish.published',
  refused: 'publish.refused',
  rate_limited: 'publish.rate_limited',
  not_sent: 'publish.not_sent',
  outcome_unknown: 'publish.outcome_unknown',
  unconfirmed: 'publish.unconfirmed',
  gate_blocked: 'publish.gate_blocked',
  target_repair: 'publish.target_repair_required',
  replayed: 'publish.replayed',
  resolved_not_live: 'publish.resolved_not_live',
  rescheduled: 'schedule.rescheduled',
  canceled: 'schedule.canceled',
  handed_off: 'schedule.handed_off',
  handoff_completed: 'schedule.handoff_completed',
  workflow_lost: 'publish.workflow_lost',
  approved: 'publish.approved',
  held: 'publish.held',
  released: 'publish.released',
  missed: 'publish.missed',
  hurried: 'publish.hurried',
} as const satisfies Record<ScheduleEvent, string>;

/** The audit types that move no schedule. */
export const OTHER_AUDIT = {
  scheduleCreated: 'schedule.created',
  lateAnswer: 'publish.late_answer',
  secondPost: 'publish.second_post',
  attemptInterrupted: 'publish.attempt_interrupted',
  intentSent: 'publish.intent_sent',
  intentAbsent: 'publish.intent_absent',
  messageRefused: 'publish.message_refused',
  accountConnected: 'account.connected',
  accountReconnected: 'account.reconnected',
  accountReconnectRequired: 'account.reconnect_required',
  accountMediaMissing: 'account.media_capability_missing',
  appFault: 'platform.app_fault',
  grantRenewed: 'account.grant_renewed',
  apiKeyCreated: 'api_key.created',
  apiKeyRevoked: 'api_key.revoked',
  replayRequested: 'replay.requested',
  edited: 'schedule.edited',
  decided: 'review.decided',
  reviewLinkMade: 'review.link_made',
  reviewLinkRevoked: 'review.link_revoked',
  workspaceChanged: 'workspace.changed',
  holdPlaced: 'hold.placed',
  holdReleased: 'hold.released',
  mediaStored: 'media.stored',
  mediaDropped: 'media.dropped',
  handoffChecked: 'handoff.address_checked',
  claimed: 'publish.claimed',
  claimReleased: 'publish.claim_released',
  personSignedIn: 'person.signed_in',
  personSignedOutEverywhere: 'person.signed_out_everywhere',
  personInvited: 'person.invited',
  invitationRevoked: 'person.invitation_revoked',
  personJoined: 'person.joined',
  personRoleChanged: 'person.role_changed',
  personRemoved: 'person.removed',
} as const;

export type AuditType =
  | (typeof SCHEDULE_AUDIT)[keyof typeof SCHEDULE_AUDIT]
  | (typeof OTHER_AUDIT)[keyof typeof OTHER_AUDIT];
