import { issue, KeyPair } from '../../connection/certificates';
import { authorityOf } from '../../connection/settle';
import { kubeconfig } from '../../connection/kubeconfig';
import { readText, writeOwnFile } from '../../machine/files';
import { generateKeyPairSync } from 'node:crypto';
import { ServerContext } from '../Server';

/** Writes a kubeconfig for one component, with a client certificate in its name. Returns the file's path. */
export async function componentKubeconfig(
  { paths, connection }: ServerContext,
  file: string,
  user: { name: string; organization?: string },
): Promise<string> {
  const pair = await issue(await authorityOf(paths), user);
  const path = paths.run(file);
  await writeOwnFile(
    path,
    kubeconfig(connection, { name: user.name, ...pair }),
  );
  return path;
}

/** Writes a certificate and its key. Returns both paths. */
export async function certificateFiles(
  { paths }: ServerContext,
  file: string,
  pair: KeyPair,
): Promise<{ certificate: string; key: string }> {
  const certificate = paths.run(`${file}.crt`);
  const key = paths.run(`${file}.key`);
  await writeOwnFile(certificate, pair.certificate);
  await writeOwnFile(key, pair.key);
  return { certificate, key };
}

/** The authority's certificate as a file. */
export async function authorityFile({
  paths,
  connection,
}: ServerContext): Promise<string> {
  const path = paths.run('authority.crt');
  await writeOwnFile(path, connection.kubernetes.ca);
  return path;
}

/** The key that signs service accounts' tokens; kept, so that tokens outlive a restart. */
export async function serviceAccountKey({
  paths,
}: ServerContext): Promise<string> {
  const path = paths.data('authority', 'service-accounts.key');
  if ((await readText(path)) === undefined) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeOwnFile(
      path,
      privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    );
  }
  return path;
}
