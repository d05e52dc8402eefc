// Server-sent events over fetch: EventSource can send no token.

/** Yield `{id, event, data}` of a response's body until it ends; `data` is parsed JSON. */
export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = {};
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.id !== undefined || event.data !== undefined) {
          yield { id: event.id === undefined ? null : Number(event.id), event: event.event ?? "", data: event.data === undefined ? null : JSON.parse(event.data) };
        }
        event = {};
      } else if (!line.startsWith(":")) {
        const [, name, text] = /^([^:]*):? ?(.*)$/s.exec(line);
        event[name] = text;
      }
    }
  }
}
