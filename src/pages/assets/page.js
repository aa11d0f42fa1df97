// The little that pages do by themselves. Tells the server the viewer's time zone, so that it writes times as the viewer reads them.
{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const told = document.cookie.split('; ').includes(`oncepost_zone=${encodeURIComponent(zone)}`);
  if (zone && !told) {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing outside secure contexts
    document.cookie = `oncepost_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
    if (document.cookie.includes('oncepost_zone=') && zone !== 'UTC') location.reload();
  }
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
