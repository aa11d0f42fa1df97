// The sandbox in its own process, as `npm start` runs it; tells its address when it serves.
import { startSandbox } from '../../src/sandbox/start.ts';

const sandbox = await startSandbox({
  host: '127.0.0.1',
  port: Number(process.env.SANDBOX_PORT ?? 0),
  dataFolder: process.env.STAGE_FOLDER ?? '.',
});
process.send?.({ type: 'ready', url: sandbox.url });
process.on('disconnect', () => process.exit(0));
