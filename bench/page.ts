// How long the recovery page takes to be answered with fifty rows, over HTTP as a browser asks for it, and how heavy it is.
import { startServer } from '../src/web/server.ts';
import { newPerson, visitor } from '../test/pages/person.ts';
import { place, placeAccount } from '../test/recovery/place.ts';
import { onStage, quantile, rounded } from './stage.ts';

const ROWS = 50;
const WARM_UP = 20;
const ROUNDS = 200;
const TEXT =
  'A text of a length that posts have as a rule, with a link in it: https://example.com/spring, and an ending.';

export function page(): Promise<Record<string, number>> {
  return onStage({}, async (stage) => {
    const accountId = await placeAccount(stage, { name: 'brand' });
    for (let row = 0; row < ROWS; row += 1) {
      await place(stage, { state: 'failed', cause: 'publish_failed', accountId, text: TEXT, withMedia: row % 2 === 0 });
    }
    const server = await startServer(stage.context, { host: '127.0.0.1', port: 0, client: stage.temporal });
    const operator = visitor(server.url, await newPerson(stage, 'operator'));
    const times: number[] = [];
    let bytes = 0;
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
      const begun = performance.now();
      const { text } = await operator.get('/');
      times.push(performance.now() - begun);
      bytes = Buffer.byteLength(text);
    }
    await server.close();
    const counted = times.slice(WARM_UP);
    return {
      p50Ms: rounded(quantile(counted, 0.5)),
      p99Ms: rounded(quantile(counted, 0.99)),
      kb: rounded(bytes / 1_024),
    };
  });
}
