/**
 * A writer that puts a label before each line, so that what runs at the same time can be told apart.
 *
 * @param label - nothing for what runs alone
 * @param sink - where the lines go
 * @returns `write` takes output as it comes; `end` writes what had no end of line yet
 */
export function labelled(label, sink) {
  if (!label) return { write: chunk => sink.write(chunk), end: () => {} };
  const prefix = `${label.padEnd(9)} │ `;
  let rest = '';
  return {
    write(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) sink.write(`${prefix}${line}\n`);
    },
    end() {
      if (rest) sink.write(`${prefix}${rest}\n`);
      rest = '';
    },
  };
}
