// Free ports for everything that a start without settings opens.
import { freePort } from '../harness/free-port.ts';

/** As environment variables. */
export async function startPorts() {
  return {
    ONCEPOST_PORT: String(await freePort()),
    ONCEPOST_SANDBOX_PORT: String(await freePort()),
    ONCEPOST_POSTGRES_PORT: String(await freePort()),
    ONCEPOST_TEMPORAL_PORT: String(await freePort()),
    ONCEPOST_TEMPORAL_UI_PORT: String(await freePort()),
  };
}
