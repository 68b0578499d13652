/** Server-sent events as the data of each, wherever the bytes were split. */
import { createParser } from 'eventsource-parser';

const maxEventCharacters = 1_000_000;

/**
 * Data of each event. Comments and fields other than `data` are skipped; a last event without its
 * blank line still counts.
 * @throws RangeError when one event is longer than a million characters.
 */
export async function* sseData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const ready: string[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: maxEventCharacters,
    onEvent: (event) => {
      ready.push(event.data);
    },
    onError: (error) => {
      tooLong ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (tooLong) throw new RangeError('an event is longer than a million characters');
    yield* ready.splice(0);
  }
  parser.feed(`${decoder.decode()}\n\n`);
  yield* ready.splice(0);
}
