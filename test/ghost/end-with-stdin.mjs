// Loaded before Ghost in its process: Ghost ends when whoever started it closes its stdin, or dies.
process.stdin.resume();
process.stdin.once('close', () => {
  process.kill(process.pid, 'SIGTERM');
  // Its own end waits for connections that nobody closes.
  setTimeout(() => process.exit(0), 2_000).unref();
});
