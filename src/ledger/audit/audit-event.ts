// What is about to be written to the audit trail.
import type { AuditType } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';

export interface AuditEvent {
  readonly workspaceId: string;
  readonly traceId: string;
  readonly type: AuditType;
  readonly scheduleId?: string | undefined;
  readonly actor: Actor;
  /** Facts for whoever reads the trail later; never a secret. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: Date;
}
