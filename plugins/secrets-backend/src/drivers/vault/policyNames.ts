/**
 * What a "/" in the path of an engine is in names of policies and roles, and a ":" in the reference of a service in those of roles.
 * Names of services have no two signs in a row.
 */
const SEPARATOR = '.--';

/**
 * What the names of all generated policies begin with; those of others are left alone. What separates parts of a name, and
 * capitals, are written otherwise where they are in the name of the engine, so that no two engines share the name of a
 * policy: Vault makes names of policies and roles small, and paths of engines it does not. It takes no name with "..".
 */
export function policyPrefix(mount: string): string {
  const name = mount.replace(/[./A-Z]/g, one => {
    if (one === '/') return SEPARATOR;
    return one === '.' ? '.-_' : `._${one.toLowerCase()}`;
  });
  return `highroad-service-${name}.`;
}

/** What stands for a service in the name of a role, which may hold no ":". */
export function roleFolder(folder: string): string {
  return folder.replace(/:/g, SEPARATOR);
}

/** Whether the name of a policy or role is one of an engine. That of another may begin the same, and goes on otherwise. */
export function isOfEngine(name: string, mount: string): boolean {
  const prefix = policyPrefix(mount);
  // Services, and whoever owns them, begin with a letter or digit.
  return (
    name.startsWith(prefix) && /^[A-Za-z0-9]/.test(name.slice(prefix.length))
  );
}

/** What names of generated policies and roles began with, in the order in which that was changed. */
const EARLIER: Array<(mount: string) => string> = [
  mount => mount.replace(/\//g, '.'),
  // With "/" as "..", which Vault takes nowhere: there are none of such engines.
  mount => mount.replace(/\./g, '.-.'),
  mount =>
    mount.replace(/[.A-Z]/g, one =>
      one === '.' ? '.-.' : `._.${one.toLowerCase()}`,
    ),
];

/**
 * What names of an engine's policies and roles began with before, as Vault writes them: where its own name has dots, slashes
 * or capitals. They may be how names of another engine begin by now.
 */
export function earlierPrefixes(mount: string): string[] {
  const all = EARLIER.map(named =>
    `highroad-service-${named(mount)}.`.toLowerCase(),
  );
  return [...new Set(all)].filter(
    one => one !== policyPrefix(mount) && !one.includes('..'),
  );
}

/** Whether a policy or role may be one of an engine, by an earlier name. */
function mayBeEarlier(name: string, mount: string): boolean {
  return earlierPrefixes(mount).some(
    prefix => name.startsWith(prefix) && name.length > prefix.length,
  );
}

/**
 * What of the names of policies or roles that are there was generated for an engine.
 *
 * @returns also those that may be such by an earlier name, and may as well be another engine's
 */
export function generatedIn(
  names: string[],
  mount: string,
): { ours: string[]; suspects: string[] } {
  return {
    ours: names.filter(name => isOfEngine(name, mount)),
    suspects: names.filter(
      name => !isOfEngine(name, mount) && mayBeEarlier(name, mount),
    ),
  };
}
