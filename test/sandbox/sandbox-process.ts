// A sandbox in a process of its own, for tests that kill it: prints its address as one line of JSON.
import { startSandbox } from '../../src/sandbox/start.ts';

const [dataFolder = '', port = '0'] = process.argv.slice(2);
const sandbox = await startSandbox({ host: '127.0.0.1', port: Number(port), dataFolder });
console.log(JSON.stringify({ url: sandbox.url }));
