/** A command to go on with: of its parts, those that there are. */
export function commandLine(
  ...parts: Array<string | false | undefined>
): string {
  return parts.filter(Boolean).join(' ');
}
