/** What a registry asks for, of its `WWW-Authenticate` header. */
export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: string; service?: string; scope?: string };

/**
 * Reads the first challenge that can be met. Quoted values may hold commas, so it cannot be split at them.
 * https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate,
 * https://distribution.github.io/distribution/spec/auth/token/
 *
 * @returns undefined where there is none
 */
export function parseChallenge(header: string | null): Challenge | undefined {
  const text = (header ?? '').slice(0, 4_000);
  const bearer = /(?:^|,\s*)bearer\s+(.*)/i.exec(text);
  if (bearer) {
    const values = parameters(bearer[1]);
    const realm = values.get('realm');
    if (realm) {
      const service = values.get('service');
      const scope = values.get('scope');
      return {
        scheme: 'bearer',
        realm,
        ...(service && { service }),
        ...(scope && { scope }),
      };
    }
  }
  return /(?:^|,\s*)basic(?:\s|$)/i.test(text)
    ? { scheme: 'basic' }
    : undefined;
}

function parameters(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const pattern = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
  for (const [, name, quoted, plain] of text.matchAll(pattern)) {
    const key = name.toLowerCase();
    // What another challenge behind this one says is not this one's.
    if (!found.has(key))
      found.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain);
  }
  return found;
}
