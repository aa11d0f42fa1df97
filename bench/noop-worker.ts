// A worker for the floor, in its own process as ours is.
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';

const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '' });
const worker = await Worker.create({
  connection,
  taskQueue: process.env.NOOP_QUEUE ?? '',
  workflowsPath: fileURLToPath(new URL('./noop-workflow.ts', import.meta.url)),
  activities: { nothing: async () => {} },
  maxConcurrentActivityTaskExecutions: 50,
});
process.on('disconnect', () => process.exit(0));
const running = worker.run();
process.send?.({ type: 'ready' });
await running;
