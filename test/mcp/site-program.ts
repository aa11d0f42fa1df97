// The site over stdio: a program that is started with its folder, and with the fault of its next create as a file there.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type SiteFault, siteRecord, siteServer } from './site-server.ts';

const [folder = '.'] = process.argv.slice(2);
const faultFile = join(folder, 'fault');

function takeFault(): SiteFault | null {
  if (!existsSync(faultFile)) return null;
  const fault = readFileSync(faultFile, 'utf8') as SiteFault;
  rmSync(faultFile);
  return fault;
}

const record = siteRecord(folder);
record.addCall({ tool: 'started', arguments: { pid: process.pid, names: Object.keys(process.env).toSorted() } });
serveStdio(() => siteServer({ record, takeFault }));
