// Reads a stream of server-sent events (WHATWG HTML, 9.2) as far as this protocol needs it: the JSON of each event.

/** Give it the parts of a stream as they come; it answers the messages of the events that are whole now. */
export function eventScan(): (part: Uint8Array) => unknown[] {
  const decoder = new TextDecoder();
  let waiting = '';
  return (part) => {
    waiting += decoder.decode(part, { stream: true });
    // A carriage return at the end may be the first half of a line's end.
    const usable = waiting.endsWith('\r') ? waiting.length - 1 : waiting.length;
    const text = waiting.slice(0, usable).replaceAll(/\r\n?/g, '\n');
    const end = text.lastIndexOf('\n\n');
    if (end < 0) return [];
    waiting = text.slice(end + 2) + waiting.slice(usable);
    return text.slice(0, end).split('\n\n').flatMap(messageIn);
  };
}

function messageIn(event: string): unknown[] {
  const data = event
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).replace(/^ /, ''));
  try {
    return data.length === 0 ? [] : [JSON.parse(data.join('\n'))];
  } catch {
    return [];
  }
}
