// Why a settings file was refused, in one sentence that a person can act on.
import { StartRefused } from '../start-refused.ts';

/** Where in the file the refused thing stands. */
export interface RefusedAt {
  readonly file: string;
  /** 1-based; absent when the file could not be read at all. */
  readonly line?: number;
  /** 1-based; named where a line may hold several things: in lists. */
  readonly column?: number;
  /** Dotted path of the key, such as `timeouts.lease`; absent for a file that is not YAML. */
  readonly key?: string;
}

/**
 * temporal.yaml cannot be used. Thrown by `loadSettings` before anything is started, so nothing has happened yet; the
 * message names file, line and key and says what is allowed. Mend the file and start again.
 */
export class SettingsRefused extends StartRefused {
  override readonly name = 'SettingsRefused';
  readonly at: RefusedAt;

  constructor(at: RefusedAt, reason: string) {
    const line = at.line === undefined ? '' : `, line ${at.line}`;
    const column = at.column === undefined ? '' : `, column ${at.column}`;
    super(`${at.file}${line}${column}: ${reason}`);
    this.at = at;
  }
}
