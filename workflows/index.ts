// The workflows a worker runs; the bundler starts here.
// biome-ignore lint/performance/noBarrelFile: the SDK's bundler wants one module that exports every workflow.
export { checkHandoff } from './check-handoff.ts';
export { dropUnusedMedia } from './drop-unused-media.ts';
export { publish } from './publish.ts';
export { sweep } from './sweep.ts';
export { tellRuns } from './tell-runs.ts';
