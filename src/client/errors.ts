// The two ways a call of the client fails, named by what happens next.
import { API_PROBLEMS, describeProblems } from '../domain/api/api-problems.ts';
import type { FieldProblem } from '../domain/schedules/schedule-request.ts';

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly FieldProblem[] | undefined;
  readonly reason?: string | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly targetProblem?: string | undefined;
}

/** Oncepost said no, or the client saw that it would: sending the same again brings the same answer. */
export class OncepostRefused extends Error {
  override readonly name = 'OncepostRefused';
  /** The HTTP status; null when nothing was sent. */
  readonly status: number | null;
  readonly code: string;
  /** The fields that do not fit, each with its limit. */
  readonly problems: readonly FieldProblem[];
  /** Why a replay is blocked: the first reason, and all of them. */
  readonly reason: string | null;
  readonly reasons: readonly string[];
  /** What is wrong with the account it is meant for, where that blocks it. */
  readonly targetProblem: string | null;
  constructor(status: number | null, { code, message, problems = [], reason, reasons = [], targetProblem }: Refusal) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
    this.reason = reason ?? null;
    this.reasons = reasons;
    this.targetProblem = targetProblem ?? null;
  }
}

/** A post the client refuses to send, in the words the server would use. */
export function invalidSchedule(problems: readonly FieldProblem[]): OncepostRefused {
  const message = `The schedule was refused and nothing was stored: ${describeProblems(problems)}.`;
  return new OncepostRefused(null, { code: 'invalid_schedule', message, problems });
}

/** Another request the client refuses to send, in the words the server would use. */
export function invalidRequest(problems: readonly FieldProblem[]): OncepostRefused {
  const message = `${API_PROBLEMS.invalid_request.means}: ${describeProblems(problems)}.`;
  return new OncepostRefused(null, { code: 'invalid_request', message, problems });
}

/** No usable answer came, after every try that is safe. What was asked for may have happened: look before asking again. */
export class OncepostUnreachable extends Error {
  override readonly name = 'OncepostUnreachable';
}
