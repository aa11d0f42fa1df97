// The two ways a call of the client fails, named by what happens next.
import { API_PROBLEMS, describeProblems } from '../domain/api/api-problems.ts';
import type { SupersessionReason } from '../domain/reviews/decision.ts';
import type { FieldProblem } from '../domain/schedules/schedule-request.ts';
import type { VersionView } from '../domain/schedules/version-view.ts';

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly FieldProblem[] | undefined;
  readonly reason?: string | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly targetProblem?: string | undefined;
  readonly supersessionReason?: SupersessionReason | undefined;
  readonly versions?: Versions | undefined;
}

/** The version a request was made for, where the post ever had it, beside the present one. */
export interface Versions {
  readonly expected: VersionView | null;
  readonly present: VersionView;
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
  /** What has changed since the version was shown. */
  readonly supersessionReason: SupersessionReason | null;
  readonly versions: Versions | null;
  constructor(status: number | null, { code, message, problems = [], reasons = [], ...more }: Refusal) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
    this.reason = more.reason ?? null;
    this.reasons = reasons;
    this.targetProblem = more.targetProblem ?? null;
    this.supersessionReason = more.supersessionReason ?? null;
    this.versions = more.versions ?? null;
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

/** What the server would answer of an id that is none. */
export function notFound(): OncepostRefused {
  return new OncepostRefused(null, { code: 'not_found', message: API_PROBLEMS.not_found.means });
}
