/**
 * Names end up in host names, namespaces and label values together with an environment, so they are shorter than
 * the 63 characters a DNS label may have.
 */
export const SERVICE_NAME_MAX_LENGTH = 40;

/**
 * Checks a service name without asking anyone.
 *
 * @returns what is wrong and how to mend it, or undefined for a good name
 * @see https://datatracker.ietf.org/doc/html/rfc1123#section-2 for the form of a label
 */
export function explainServiceName(name: string): string | undefined {
  if (name === '') return 'Give the service a name.';
  if (name.length > SERVICE_NAME_MAX_LENGTH) {
    return `Use at most ${SERVICE_NAME_MAX_LENGTH} characters; this has ${name.length}.`;
  }
  if (/[A-Z\s_.]/.test(name)) {
    const mended = name.toLowerCase().replace(/[\s_.]+/g, '-');
    return `Use lower-case letters, and "-" between words: ${mended}`;
  }
  if (!/^[a-z0-9-]+$/.test(name)) {
    return 'Use only letters a to z, digits and "-".';
  }
  if (!/^[a-z]/.test(name)) return 'Start with a letter.';
  if (name.endsWith('-')) return 'End with a letter or a digit.';
  return undefined;
}
