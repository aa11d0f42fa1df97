// Runs once before all test files. Nothing has to be prepared for all of them yet.

export function setup(): void {}
