/** Lines of a stream of JSON documents, one a line, wherever the bytes were split. */

const maxLineCharacters = 1_000_000;

/**
 * Lines that are not blank; a last line without its end still counts.
 * @throws RangeError when one line is longer than a million characters.
 */
export async function* ndjsonLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunks) {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n');
    pending = lines.pop() ?? '';
    if (pending.length > maxLineCharacters)
      throw new RangeError('a line is longer than a million characters');
    yield* lines.filter((line) => line.trim() !== '');
  }
  pending += decoder.decode();
  if (pending.trim() !== '') yield pending;
}
