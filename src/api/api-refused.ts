// The one way a request is refused: a code from the table, a sentence, and what is needed to act on it.
import { API_PROBLEMS, type ApiProblem, describeProblems, type ErrorBody } from '../domain/api/api-problems.ts';
import type { SupersessionReason } from '../domain/reviews/decision.ts';
import type { VersionView } from '../domain/schedules/version-view.ts';
import type { FieldProblem } from '../domain/schedules/schedule-request.ts';

interface Details {
  /** Instead of the table's sentence. */
  readonly message?: string;
  readonly problems?: readonly FieldProblem[] | undefined;
  readonly reason?: string | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly targetProblem?: string | undefined;
  readonly supersessionReason?: SupersessionReason | undefined;
  readonly versions?: { readonly expected: VersionView | null; readonly present: VersionView } | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by operations and their guards; the caller sees its status and its body. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';
  readonly status: (typeof API_PROBLEMS)[ApiProblem]['status'];
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: ApiProblem, { message = API_PROBLEMS[code].means, headers = {}, ...error }: Details = {}) {
    super(message);
    this.status = API_PROBLEMS[code].status;
    this.headers = headers;
    this.body = { error: { code, message, ...error } };
  }
}

/** The refusal of a request whose fields do not fit. */
export function invalidRequest(problems: readonly FieldProblem[]): ApiRefused {
  return new ApiRefused('invalid_request', {
    message: `${API_PROBLEMS.invalid_request.means}: ${describeProblems(problems)}.`,
    problems,
  });
}
