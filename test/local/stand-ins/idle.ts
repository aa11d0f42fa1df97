// Does nothing, for as long as a test needs somebody who does nothing.
console.log('idle');
setInterval(() => {}, 60_000);
