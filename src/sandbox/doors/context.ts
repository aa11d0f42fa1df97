// What every control door works on, and how it refuses.
import type { OpenStandIn, Rooms, StandIn } from '../contract.ts';
import type { Listener } from '../listener.ts';

/** What the doors work on. */
export type DoorContext = {
  rooms: Rooms;
  standIns: ReadonlyMap<string, StandIn>;
  open: ReadonlyMap<string, OpenStandIn>;
  listener: Listener;
};

/** A door's refusal: the HTTP status and one sentence that says what to change. */
export class DoorRefused extends Error {
  override readonly name = 'DoorRefused';
  readonly status: 400 | 404;
  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}
