// Why a stage did not come to its end, and what a person does about it (DESIGN sections 4 and 8). A stage's failure is typed as a
// publish's is; a publish that failed inside a stage keeps its own cause beside this one.
import { toPlainText } from '../text/plain-text.ts';

/**
 * What a person does next about a stage.
 * - `retry`: a new attempt of the same stage
 * - `decide`: say which of two truths counts
 * - `open_publish`: see to the publish that it waits for
 * - `go_back`: a new attempt of an earlier stage, whose work was not right or is missing
 * - `mend_then_retry`: change what it was given or where it runs, then a new attempt
 */
export const STAGE_ACTIONS = ['go_back', 'retry', 'decide', 'open_publish', 'mend_then_retry'] as const;
export type StageAction = (typeof STAGE_ACTIONS)[number];

interface Definition {
  readonly means: string;
  readonly action: StageAction;
  /** It may come out otherwise by itself; the stage's own retries are for these. */
  readonly passing: boolean;
}

export const STAGE_CAUSES = {
  program_missing: { means: 'the program could not be started', action: 'mend_then_retry', passing: false },
  program_failed: { means: 'the program ended with an error', action: 'mend_then_retry', passing: true },
  not_set_up: {
    means: 'what it is told to use is not set up where it runs',
    action: 'mend_then_retry',
    passing: false,
  },
  timed_out: { means: 'it took longer than the stage allows', action: 'retry', passing: true },
  stopped: { means: 'it was ended before it was done', action: 'retry', passing: true },
  output_too_large: { means: 'it said more than the stage allows', action: 'mend_then_retry', passing: false },
  child_left_behind: {
    means: 'the program left another one running, which was ended',
    action: 'mend_then_retry',
    passing: false,
  },
  answer_unreadable: { means: 'the answer could not be read', action: 'mend_then_retry', passing: true },
  answer_misfit: { means: 'what it made does not fit the contract', action: 'mend_then_retry', passing: true },
  refused: { means: 'the other side refused', action: 'mend_then_retry', passing: false },
  unreachable: { means: 'nothing was sent: the other side could not be reached', action: 'retry', passing: true },
  outcome_unknown: { means: 'it may have taken effect, and nobody can tell', action: 'decide', passing: false },
  call_mismatch: {
    means: 'another request is on record under the key of its call',
    action: 'mend_then_retry',
    passing: false,
  },
  input_missing: { means: 'what it needs is not there', action: 'go_back', passing: false },
  gate_blocked: { means: 'a gate before it does not hold', action: 'mend_then_retry', passing: false },
  asset_missing: { means: 'a required asset was not made', action: 'go_back', passing: false },
  markers_found: {
    means: 'planning markers are wrong or stand where none may',
    action: 'go_back',
    passing: false,
  },
  rejected: { means: 'somebody decided against it', action: 'go_back', passing: false },
  content_conflict: { means: 'another content stands where it should go', action: 'decide', passing: false },
  destination_missing: {
    means: 'the destination is not a connected account',
    action: 'mend_then_retry',
    passing: false,
  },
  not_taken: { means: 'the destination would not take it', action: 'go_back', passing: false },
  publish_stopped: { means: 'its publish waits for a person', action: 'open_publish', passing: false },
  page_differs: { means: 'the public page is not what was planned', action: 'mend_then_retry', passing: true },
  fault: { means: 'Oncepost met a fault of its own', action: 'retry', passing: true },
} as const satisfies Record<string, Definition>;
export type StageCauseCode = keyof typeof STAGE_CAUSES;

export interface StageCause {
  readonly code: StageCauseCode;
  /** One sentence for the person who reads it. */
  readonly text: string;
  /** What came from outside, redacted and cut: the end of a program's stderr, an answer. Empty: nothing did. */
  readonly raw: string;
}

const TEXT_CHARS = 1_000;
const RAW_CHARS = 4_000;

/** `raw` must be redacted by whoever knows the secrets that could be in it. */
export function stageCause(code: StageCauseCode, text: string, raw = ''): StageCause {
  return { code, text: toPlainText(text, TEXT_CHARS), raw: toPlainText(raw.slice(-RAW_CHARS), RAW_CHARS) };
}
