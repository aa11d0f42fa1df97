// One run of server.mjs as a child process: from spawn to its ready line, to its end.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod/v4';
import { PdsStartError } from './errors.ts';
import { PDS_NODE } from './install-pds.ts';

const firstLine = z.union([z.object({ url: z.string() }), z.object({ error: z.string() })]);

/** Where a PDS keeps its data, where it listens, and PDS_* variables that override the harness's own. */
export interface ServerSettings {
  readonly dataFolder: string;
  readonly pdsPort: number;
  readonly plcPort: number;
  readonly env: Readonly<Record<`PDS_${string}`, string>>;
}

/** A running PDS process. */
export interface ServerProcess {
  readonly url: string;
  /** Asks the process to end by closing its stdin, and waits until it has. */
  end(): Promise<void>;
  /** Sends SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>;
}

async function gone(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function readFirstLine(child: ChildProcessWithoutNullStreams): Promise<z.infer<typeof firstLine>> {
  const lines = createInterface({ input: child.stdout });
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.once('line', resolve);
  lines.once('close', () => resolve('{"error":"it ended without a word"}'));
  child.once('error', (error) => resolve(JSON.stringify({ error: error.message })));
  return firstLine.parse(JSON.parse(await promise));
}

/**
 * Starts server.mjs and waits until its health check answers.
 * @throws PdsStartError when it ends before; `EADDRINUSE` stands in the message when a port was taken
 */
export async function startServerProcess(settings: ServerSettings): Promise<ServerProcess> {
  const { dataFolder, pdsPort, plcPort } = settings;
  const args = ['server.mjs', dataFolder, String(pdsPort), String(plcPort)];
  const child = spawn(PDS_NODE, args, { cwd: import.meta.dirname, env: { ...process.env, ...settings.env } });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-4000);
  });
  child.stdin.on('error', () => undefined);
  const line = await readFirstLine(child);
  if ('error' in line) throw new PdsStartError(`The PDS did not start: ${line.error}\n${complaints}`);
  return {
    url: line.url,
    async end() {
      child.stdin.end();
      await gone(child);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone(child);
    },
  };
}
