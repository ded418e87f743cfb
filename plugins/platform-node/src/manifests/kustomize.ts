import { InputError, ServiceUnavailableError } from '@backstage/errors';
import fs from 'fs-extra';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ManifestFile } from './collectFiles';
import { BoundExceededError, runBounded } from '../git';

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 1024 * 1024;
const MOST_MEMORY_KB = 512 * 1024;

/**
 * Renders an overlay with `kubectl kustomize`, in a folder of its own that holds the given files and nothing else.
 *
 * @returns YAML
 * @throws InputError with what kustomize said of the manifests
 */
export async function kustomize(
  kubectl: string,
  options: { files: ManifestFile[]; overlay: string; signal?: AbortSignal },
): Promise<string> {
  const { files, overlay, signal } = options;
  const scratch = await fs.mkdtemp(join(tmpdir(), 'highroad-manifests-'));
  try {
    const tree = join(scratch, 'tree');
    const home = join(scratch, 'home');
    await fs.ensureDir(home);
    for (const { path, content } of files) {
      const target = join(tree, path);
      await fs.ensureDir(dirname(target));
      await fs.writeFile(target, content, { mode: 0o600 });
    }
    const { code, stdout, stderr } = await runBounded(
      // Only a shell can limit a program's memory; where it cannot, kustomize still ends by its time.
      '/bin/sh',
      [
        '-c',
        `ulimit -d ${MOST_MEMORY_KB} 2>/dev/null; exec "$0" "$@"`,
        kubectl,
        'kustomize',
        join(tree, overlay),
      ],
      {
        cwd: scratch,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
        signal,
        env: environment(home),
      },
    );
    if (code === 0) return stdout.toString('utf8');
    // How Go ends where it gets no more, in several words.
    if (/fatal error:|out of memory|cannot allocate memory/.test(stderr)) {
      throw new InputError(
        `${overlay} takes more memory than rendering may. Look for aliases (*) and for bases that multiply.`,
      );
    }
    const said = stderr.replaceAll(`${tree}/`, '').replaceAll(scratch, '');
    throw new InputError(
      `kubectl kustomize cannot render ${overlay}: ${said
        .trim()
        .slice(0, 2_000)}`,
    );
  } catch (error) {
    if (!(error instanceof BoundExceededError)) throw error;
    if (error.bound === 'output') {
      throw new InputError(
        `${overlay} renders to more than ${MOST_BYTES} bytes. Deploy less at once.`,
      );
    }
    throw new ServiceUnavailableError(
      `kubectl kustomize did not render ${overlay} within ${
        TIMEOUT_MS / 1000
      } s and was ended. Nothing was changed; try again.`,
    );
  } finally {
    await fs.remove(scratch);
  }
}

/**
 * Nothing of this process's. Every file was looked at before, so kustomize has no reason to start a program or to ask
 * another machine; here it could not: it finds no program, and every proxy leads nowhere.
 */
function environment(home: string): Record<string, string> {
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: home,
    HOME: home,
    TMPDIR: home,
    KUBECONFIG: join(home, 'kubeconfig'),
    KUBERC: 'off',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    ALL_PROXY: nowhere,
    LC_ALL: 'C',
    GOMAXPROCS: '1',
  };
}
