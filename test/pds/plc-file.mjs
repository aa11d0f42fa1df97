// The in-memory database of the PLC directory, made to survive a killed process:
// every accepted operation is appended to a file and replayed, validated again, at the next start.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { MockDatabase } from '@did-plc/server';

export class FilePlcDatabase extends MockDatabase {
  #file;

  constructor(file) {
    super();
    this.#file = file;
  }

  /** Replays what an earlier process accepted. */
  static async open(file) {
    const database = new FilePlcDatabase(file);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    for (const line of lines.filter((text) => text !== '')) {
      const { did, operation } = JSON.parse(line);
      await MockDatabase.prototype.validateAndAddOp.call(database, did, operation);
    }
    return database;
  }

  async validateAndAddOp(did, operation) {
    await super.validateAndAddOp(did, operation);
    appendFileSync(this.#file, `${JSON.stringify({ did, operation })}\n`);
  }
}
