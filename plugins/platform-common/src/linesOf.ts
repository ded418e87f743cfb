/**
 * The lines of a text that comes piece by piece, without their ends. A line ends with a line feed, or with a carriage return and one, and
 * with nothing else: JSON may hold other characters that count as ends of lines in Unicode, such as U+2028, and what reads by those breaks
 * a good line in two.
 *
 * @param pieces - text, or its bytes in UTF-8, divided anywhere
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    rest +=
      typeof piece === 'string'
        ? piece
        : decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
