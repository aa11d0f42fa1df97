// The workflows a worker runs; the bundler starts here.
// biome-ignore lint/performance/noBarrelFile: the SDK's bundler wants one module that exports every workflow.
export { batch } from './batch.ts';
export { checkHandoff } from './check-handoff.ts';
export { deliver } from './deliver.ts';
export { dropUnusedMedia } from './drop-unused-media.ts';
export { exportProof } from './export-proof.ts';
export { morningReport } from './morning-report.ts';
export { notify } from './notify.ts';
export { pipeline } from './pipeline.ts';
export { publish } from './publish.ts';
export { recheck } from './recheck.ts';
export { sweep } from './sweep.ts';
export { tellRuns } from './tell-runs.ts';
export { tonight } from './tonight.ts';
