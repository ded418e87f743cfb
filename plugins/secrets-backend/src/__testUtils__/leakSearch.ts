/** Ways to write a text, by their names, to see whether what is looked through is found written so. */
export const encodings: Record<string, (text: string) => string> = {
  'as it is': text => text,
  'as JSON': text => JSON.stringify({ value: text }),
  'for an address': text => encodeURIComponent(text),
  'in base64': text => Buffer.from(text).toString('base64'),
  'in base64, within something': text =>
    Buffer.from(`{"value":"${text}"}`).toString('base64'),
  'in base64 for addresses': text => Buffer.from(text).toString('base64url'),
};

/** Every form in which a text could have been written. */
export function formsOf(text: string): string[] {
  // Wherever it begins within what is encoded, one of three alignments is found.
  const base64 = [0, 1, 2].map(at =>
    Buffer.from(`${'.'.repeat(at)}${text}`)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(at === 0 ? 0 : 4, -2),
  );
  return [
    text,
    ...base64,
    ...base64.map(form => form.replace(/\+/g, '-').replace(/\//g, '_')),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text, 'utf8').toString('latin1'),
    Buffer.from(text).toString('hex'),
  ];
}

/** So much of a form tells it from everything else, also where the rest was cut off. */
const PROBE = { from: 5, to: 21 };
const FEW = 6;

/** Where any of these texts stands, in any form, as `logs: text`. */
export function findings(
  written: Record<string, string>,
  texts: string[],
): string[] {
  const length = PROBE.to - PROBE.from;
  const probes = new Map(
    texts.flatMap(text =>
      formsOf(text).map(form => [form.slice(PROBE.from, PROBE.to), text]),
    ),
  );
  const found = new Set<string>();
  // Most places are told from all probes by a few characters, which takes a fraction of the time.
  const begins = new Set<string>();
  for (const probe of probes.keys()) begins.add(probe.slice(0, FEW));
  for (const [where, content] of Object.entries(written)) {
    for (let at = 0; at + length <= content.length; at++) {
      if (!begins.has(content.slice(at, at + FEW))) continue;
      const text = probes.get(content.slice(at, at + length));
      if (text) found.add(`${where}: ${text}`);
    }
  }
  return [...found];
}
