// `npm run bench <name>`: runs one bench and prints its figures as the last line. Figures are recorded in RESULTS.md.
import { benches } from './benches.ts';

const [name = ''] = process.argv.slice(2);
const bench = benches.get(name);
if (!bench) {
  console.error(`There is no bench "${name}"; choose one of: ${[...benches.keys()].join(', ')}.`);
  process.exit(1);
}
const figures = await bench();
console.log(JSON.stringify({ name, figures }));
process.exit(0);
