// `oncepost codec`: opens sealed payloads for the Temporal UI, for whoever is signed in.
import { Command } from 'commander';
import { assertUsable, buildContext } from '../boot/context.ts';
import { payloadKeys } from '../boot/payload-codec.ts';
import type { Env } from '../runtime/env.ts';
import { stopRequested, tellReady } from '../runtime/process-manners.ts';
import { StartRefused } from '../runtime/start-refused.ts';
import { startCodecServer } from '../web/codec-server.ts';

export function codecCommand(env: Env): Command {
  return new Command('codec').description('open sealed payloads for the Temporal UI').action(async () => {
    const stop = stopRequested();
    const [newest, ...earlier] = env.ONCEPOST_PAYLOAD_KEY ?? [];
    if (newest === undefined) {
      throw new StartRefused(
        'ONCEPOST_PAYLOAD_KEY is not set, so nothing in Temporal is sealed and nothing was started; set it as for the workers, or leave this out.',
      );
    }
    const context = await buildContext(env);
    try {
      await assertUsable(context);
      const { ONCEPOST_HOST: host, ONCEPOST_CODEC_PORT: port, ONCEPOST_PUBLIC_URL: publicUrl = null } = env;
      const origins = uiOrigins(env);
      const server = await startCodecServer(context, {
        host,
        port,
        origins,
        keys: payloadKeys([newest, ...earlier]),
        publicUrl,
      });
      context.log.info({ url: server.url, origins }, 'the codec server listens');
      tellReady();
      await stop;
      await server.close();
    } finally {
      await context.close();
    }
  });
}

/** The one that is set, else the one that `oncepost start` brings. */
function uiOrigins({ ONCEPOST_TEMPORAL_UI_URL: url, ONCEPOST_TEMPORAL_UI_PORT: port }: Env): string[] {
  return url === undefined ? [`http://127.0.0.1:${port}`, `http://localhost:${port}`] : [new URL(url).origin];
}
