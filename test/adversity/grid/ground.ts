// Where cells are played: a platform on which each has an account of its own, so that their faults never mix.
import type { Cell } from './cell.ts';

/** One cell's account. */
export interface Field {
  readonly post: Readonly<Record<string, unknown>>;
  /** Makes the cell's faults wait for their calls. */
  arm(): Promise<void>;
  /** How often each of the cell's faults was met, in their order. */
  met(): Promise<number[]>;
  /** Takes all faults away. */
  mend(): Promise<void>;
  /** Connects the account again, as a person does. */
  reconnect(): Promise<void>;
  /** Lets the platform's list show what it hides. */
  show(): Promise<void>;
  /** Create calls that reached the platform. */
  creates(): Promise<number>;
  /** Live posts, by the platform's own record. Nothing takes one down, so the last count is the highest. */
  live(): Promise<number>;
  /** The platform's id of the live post. */
  livePostId(): Promise<string>;
  /** When the account was read by answers that could be read, in epoch ms; null where one read is conclusive. */
  looks(): Promise<number[] | null>;
}

export interface Ground<Fault> {
  open(cell: Cell<Fault>, name: string): Promise<Field>;
  /** Lets the platform's own clock follow ours. */
  shiftClock(shiftMs: number): Promise<void>;
  close(): Promise<void>;
}
