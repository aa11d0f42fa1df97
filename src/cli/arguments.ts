// Arguments of a command as text: Node has decoded them already, and what was broken UTF-8 has become U+FFFD.
import { invalidSchedule } from '../client/errors.ts';

const BROKEN = '\ufffd';

/** Refuses arguments whose bytes were no UTF-8: they would be published as question marks. @throws OncepostRefused */
export function assertReadable(fields: Readonly<Record<string, string | undefined>>): void {
  const problems = Object.entries(fields)
    .filter(([, text]) => text?.includes(BROKEN))
    .map(([field]) => ({
      field,
      problem: 'must be UTF-8 (some of its bytes are not, or stand for such bytes: U+FFFD)',
    }));
  if (problems.length > 0) throw invalidSchedule(problems);
}
