/** Vault as a test asks it. */
interface AskedVault {
  address: string;
  /** Of the engine */
  mount: string;
}

/** All that can be done with a key of a KV engine of version 2, by the path below its mount. */
const OPERATIONS: Record<string, [method: string, below: string]> = {
  'read the value': ['GET', 'data'],
  'write the value': ['POST', 'data'],
  'patch the value': ['PATCH', 'data'],
  'read metadata': ['GET', 'metadata'],
  'write metadata': ['POST', 'metadata'],
  'patch metadata': ['PATCH', 'metadata'],
  'read names within the value': ['GET', 'subkeys'],
  'delete versions': ['POST', 'delete'],
  'put versions back': ['POST', 'undelete'],
  'destroy versions': ['POST', 'destroy'],
  // Last, since only these are done where they are not refused.
  'delete the newest version': ['DELETE', 'data'],
  'delete all of it': ['DELETE', 'metadata'],
};
const LIST = 'list keys';

/** What a token reaches: paths by what it may do with them. What it may do nothing of is left out. */
export type Reach = Record<string, string[]>;

/**
 * Tries everything that Vault has with each of some keys, and with the folders above them, and sees what it is not refused.
 *
 * @param paths - of keys, below the engine's `data`
 */
export async function reachOf(
  { address, mount }: AskedVault,
  token: string,
  paths: string[],
): Promise<Reach> {
  const reach: Reach = {};
  const attempt = async (
    what: string,
    [method, below]: [string, string],
    path: string,
  ) => {
    const { status } = await fetch(`${address}/v1/${mount}/${below}/${path}`, {
      method,
      headers: {
        'X-Vault-Token': token,
        ...(method === 'PATCH' && {
          'Content-Type': 'application/merge-patch+json',
        }),
      },
      // It names no value and no version, so whoever may do it is told that, and nothing is done.
      ...(['POST', 'PATCH'].includes(method) && { body: '{"none": true}' }),
    });
    if (status !== 403) (reach[what] ??= []).push(path);
  };
  const folders = paths.flatMap(path => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, n) => `${parts.slice(0, n + 1).join('/')}/`);
  });
  for (const folder of new Set(['', ...folders])) {
    await attempt(LIST, ['LIST', 'metadata'], folder);
  }
  for (const [what, how] of Object.entries(OPERATIONS)) {
    for (const path of paths) await attempt(what, how, path);
  }
  return reach;
}

/** What reads some keys and their metadata, and no more. */
export function readsOnly(paths: string[]): Reach {
  const folders = paths.map(path => path.slice(0, path.lastIndexOf('/') + 1));
  return {
    'list keys': [...new Set(folders)],
    'read the value': paths,
    'read metadata': paths,
  };
}
