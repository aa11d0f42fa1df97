// The architecture as import rules: which room may know which. A rule's comment says what it protects. Each rule is
// shown to turn red by test/architecture.
// TypeScript 7 has no API for other tools, so the sources are parsed with swc.

const { existsSync, readdirSync } = require('node:fs');

/** Folders with an adapter are platforms; one without is what a family of platforms shares (Meta's Graph API). */
const platforms = readdirSync('src/platforms').filter((name) => existsSync(`src/platforms/${name}/adapter.ts`));

const ours = '^(src|workflows|activities|bin)/';

/** `from` may import nothing but `allowed` (patterns of resolved paths). */
function only(name, comment, from, allowed, others = {}) {
  return { name, comment, severity: 'error', from: { path: from }, to: { pathNot: allowed, ...others } };
}

/** `from` may not import `forbidden`. */
function never(name, comment, from, forbidden) {
  return { name, comment, severity: 'error', from, to: forbidden };
}

const package_ = (...names) => `^node_modules/(${names.join('|')})/`;

module.exports = {
  forbidden: [
    only(
      'workflows-are-deterministic',
      'A workflow is replayed from its history, so it may reach neither I/O nor a clock; the types of activities are fine.',
      '^workflows/',
      ['^workflows/', '^src/domain/', package_('@temporalio/workflow', '@temporalio/common')],
      { dependencyTypesNot: ['type-only'] },
    ),
    never(
      'workflows-borrow-types-of-activities-only',
      'Any other type a workflow needs belongs to the domain.',
      { path: '^workflows/' },
      {
        dependencyTypes: ['type-only'],
        pathNot: [
          '^workflows/',
          '^src/domain/',
          '^activities/',
          package_('@temporalio/workflow', '@temporalio/common'),
        ],
      },
    ),
    never(
      'ground-knows-no-room',
      'Everything stands on src/runtime, so it stands on nothing but the rules.',
      { path: '^src/runtime/' },
      { path: ours, pathNot: '^src/(runtime|domain)/' },
    ),
    never(
      'ledger-knows-only-the-rules',
      'The ledger says what is true; what is done about it is decided above it.',
      { path: '^src/ledger/' },
      { path: ours, pathNot: '^src/(ledger|runtime|domain)/' },
    ),
    never(
      'publishing-knows-no-door',
      'The protocol is the same behind Temporal, the API and the command line.',
      { path: '^src/publishing/' },
      { path: ours, pathNot: '^src/(publishing|platforms|mediastore|transport|ledger|runtime|domain)/' },
    ),
    never(
      'media-store-knows-no-publish',
      'Stored files are the same whatever is done with them; who publishes them knows the store, not the other way round.',
      { path: '^src/mediastore/' },
      { path: ours, pathNot: '^src/(mediastore|transport|ledger|runtime|domain)/' },
    ),
    never(
      'handoff-stands-beside-publishing',
      'Publishing goes on without a person; what a person needs to publish by hand stands on it.',
      { path: '^src/(publishing|recovery|platforms|mediastore)/' },
      { path: '^src/handoff/' },
    ),
    never(
      'identity-knows-only-the-wire',
      'What a provider proves is one thing, whom the ledger knows by it another; the doors bring them together.',
      { path: '^src/identity/' },
      { path: ours, pathNot: '^src/(identity|transport|domain)/' },
    ),
    never(
      'connections-know-no-door',
      'Connecting an account is the same behind pages, API and command line.',
      { path: '^src/connections/' },
      { path: ours, pathNot: '^src/(connections|publishing|platforms|transport|ledger|runtime|domain)/' },
    ),
    never(
      'pipeline-stands-on-publishing',
      'A run is one who publishes; the protocol is the same for posts that no run made. Doors and Temporal stand on runs.',
      { path: '^src/pipeline/' },
      { path: ours, pathNot: '^src/(pipeline|publishing|platforms|mediastore|transport|ledger|runtime|domain)/' },
    ),
    never(
      'notifications-only-read-and-tell',
      'Telling people is best effort beside publishes: of the protocol it knows the types alone, and no door knows how it sends.',
      { path: '^src/notifications/' },
      { path: '^src/(publishing|api|pages|web|cli|boot|local|practice)/', dependencyTypesNot: ['type-only'] },
    ),
    never(
      'proof-knows-no-door',
      'A bundle is made and checked the same for pages, API and command line.',
      { path: '^src/proof/' },
      { path: ours, pathNot: '^src/(proof|recovery|publishing|ledger|runtime|domain)/' },
    ),
    never(
      'boot-puts-together',
      'Only what is a process of its own is put together: doors, what npm start brings, and the practice night.',
      { path: ours, pathNot: '^(src/(boot|web|cli|local|practice)|bin)/' },
      { path: '^src/boot/' },
    ),
    never(
      'local-is-for-npm-start',
      'Servers on this machine are a convenience of the command line; nothing needs to know that they are here.',
      { path: ours, pathNot: '^(src/(local|cli)|bin)/' },
      { path: '^src/local/' },
    ),
    only(
      'domain-is-pure',
      'The rules hold no I/O, no clock and no other room, so that they can be tested by full enumeration.',
      '^src/domain/',
      ['^src/domain/', package_('zod', 'canonicalize', 'entities', 'micromark', 'micromark-extension-gfm', 'parse5')],
    ),
    never(
      'sandbox-stands-alone',
      'The stand-ins judge our adapters, so they share no code with them.',
      { path: '^src/sandbox/' },
      { path: ours, pathNot: '^src/sandbox/' },
    ),
    never(
      'platforms-know-only-the-contract',
      'An adapter answers for one platform; ledger, protocol and doors are not its business.',
      { path: '^src/platforms/' },
      { path: ours, pathNot: '^src/(domain|transport|platforms)/' },
    ),
    never(
      'platforms-do-not-know-each-other',
      'Ten more platforms are ten more folders and no edit elsewhere.',
      { path: '^src/platforms/([^/]+)/' },
      { path: `^src/platforms/(${platforms.join('|')})/`, pathNot: '^src/platforms/$1/' },
    ),
    never(
      'transport-is-a-door',
      'The HTTP transport serves the adapters and knows none of them.',
      { path: '^src/transport/' },
      { path: ours, pathNot: '^src/(transport|domain)/' },
    ),
    never(
      'ledger-owns-the-tables',
      'Only the ledger reads and writes rows; every other room calls its functions.',
      { path: ours, pathNot: '^src/ledger/' },
      { path: [package_('drizzle-orm'), '^src/ledger/schema(/|[.])'] },
    ),
    never(
      'doors-are-last',
      'API, pages and command line stand on everything else; nothing stands on them but the launcher.',
      { path: ours, pathNot: '^(src/(api|pages|web|cli)|bin)/' },
      { path: '^src/(api|pages|web|cli)/' },
    ),
    never(
      'doors-do-not-know-each-other',
      'What two doors do alike belongs to the room behind them; only src/web puts them on one socket.',
      { path: '^src/(api|pages|cli)/' },
      { path: '^src/(api|pages|cli)/', pathNot: '^src/$1/' },
    ),
    never(
      'product-does-not-need-its-tests',
      'What runs in production may not reach into tests, benchmarks or tools.',
      { path: ours },
      { path: '^(test|bench|tools)/' },
    ),
    never(
      'no-development-packages-in-the-product',
      'A package that only development installs is missing where the product runs.',
      { path: ours },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    never(
      'no-undeclared-packages',
      'A package must stand in package.json to be there tomorrow.',
      {},
      {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
      },
    ),
    never('no-broken-imports', 'Every import leads somewhere.', {}, { couldNotResolve: true }),
    never('no-cycles', 'Two files that need each other are one file, or miss a third.', {}, { circular: true }),
    never(
      'no-orphans',
      'A file that imports nothing and is imported by nothing is left over.',
      // What browsers load is imported by nothing.
      { orphan: true, path: ours, pathNot: '^(bin|src/pages/assets)/' },
      {},
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/pds/node_modules)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'require'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
