// Why a post or a run was not taken in: the one typed error of the border, the same through every door.
import { describeProblems } from '../../domain/api/api-problems.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';

export const INTAKE_PROBLEMS = {
  invalid_schedule: 'The schedule was refused and nothing was stored',
  unknown_account: 'The account is not known and nothing was stored',
  ambiguous_account: 'The account is ambiguous and nothing was stored',
  unknown_workspace: 'The workspace is not known and nothing was stored',
  invalid_run: 'The run was refused and nothing was stored',
  run_conflict: 'The id belongs to another run and nothing was changed',
  schedule_conflict: 'The id belongs to another schedule and nothing was changed',
  media_unreachable:
    'A media file could not be read now and nothing was stored; send the same request again in a moment',
} as const;
export type IntakeProblem = keyof typeof INTAKE_PROBLEMS;

export class IntakeRefused extends Error {
  override readonly name = 'IntakeRefused';
  readonly code: IntakeProblem;
  readonly problems: readonly FieldProblem[];
  constructor(code: IntakeProblem, problems: readonly FieldProblem[]) {
    super(`${INTAKE_PROBLEMS[code]}: ${describeProblems(problems)}.`);
    this.code = code;
    this.problems = problems;
  }
}
