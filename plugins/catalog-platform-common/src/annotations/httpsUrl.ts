/** What makes a text unfit to be opened as a link, in words; undefined if nothing does. */
export type UrlVerdict = { ok: true; url: URL } | { ok: false; reason: string };

/**
 * Parses an absolute https address. Other protocols are refused because the
 * address becomes a link that people click, and credentials because everyone
 * who sees the catalog would see them.
 */
export function parseHttpsUrl(value: string): UrlVerdict {
  if (/\s/.test(value)) {
    return { ok: false, reason: 'contains white space' };
  }
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return { ok: false, reason: 'is not a whole address' };
  }
  if (url.protocol !== 'https:') {
    return { ok: false, reason: `starts with ${url.protocol} and not https:` };
  }
  if (url.username || url.password) {
    return { ok: false, reason: 'contains a user name or password' };
  }
  return { ok: true, url };
}

/** True if showing the address would show a password or a user name in it. */
export function carriesCredentials(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/*[^/?#]*@/i.test(value.trim());
}
