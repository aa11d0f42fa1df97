// What a page does by itself. Everything works without it: it tells the viewer's zone, refreshes rows, and moves between them.
{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const told = document.cookie.split('; ').includes(`oncepost_zone=${encodeURIComponent(zone)}`);
  if (zone && !told) {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing outside secure contexts
    document.cookie = `oncepost_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
    if (document.cookie.includes('oncepost_zone=') && zone !== 'UTC') location.reload();
  }
}

{
  const REFRESH_MS = 15_000;
  let lastAt = Date.now();
  let failed = false;

  const rows = () => document.querySelector('#items[hx-get]');
  const isWriting = () => document.activeElement?.matches('input, select, textarea') === true;

  function say() {
    const paused = document.getElementById('paused');
    if (!paused) return;
    const at = new Date(lastAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const words = failed
      ? ` · Updates are paused since ${at}: the server did not answer. They go on by themselves.`
      : '';
    if (paused.textContent !== words) paused.textContent = words;
  }

  function refresh() {
    if (document.visibilityState !== 'visible' || isWriting()) return;
    rows()?.dispatchEvent(new CustomEvent('refresh'));
  }

  setInterval(refresh, REFRESH_MS);
  document.addEventListener('visibilitychange', () => {
    if (Date.now() - lastAt > REFRESH_MS) refresh();
  });
  document.addEventListener('htmx:after:swap', (event) => {
    if (event.target?.id !== 'items' && !rows()) return;
    failed = false;
    lastAt = Date.now();
    say();
  });
  for (const name of ['htmx:error', 'htmx:response:error']) {
    document.addEventListener(name, () => {
      failed = true;
      say();
    });
  }

  // Inside the rows only, so that no letter typed elsewhere moves anything.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting()) return;
    const step = { j: 1, k: -1 }[event.key];
    const here = document.activeElement?.closest('.row');
    if (step === undefined || !here) return;
    const all = [...document.querySelectorAll('.row .excerpt')];
    const next = all[all.indexOf(here.querySelector('.excerpt')) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

// Buttons that copy the text of a field; without this script there are none, and the field is selected by hand.
for (const button of document.querySelectorAll('button[data-copies]')) {
  const field = document.getElementById(button.dataset.copies);
  if (!field || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = 'Copied';
  });
}
