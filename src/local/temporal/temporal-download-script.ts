// Run as a process of its own by temporal-download.ts: lets the SDK download the release given to it into the folder given to
// it. The SDK also starts what it has downloaded, which proves that it runs; that server is ended at once.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [downloadDir, version] = process.argv.slice(2);
if (downloadDir === undefined || version === undefined) process.exit(2);
const executable = { type: 'cached-download', downloadDir, version } as const;
const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
await environment.teardown();
process.exit(0);
