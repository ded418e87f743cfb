import { serviceFiles } from '@highroad/plugin-platform-node/manifests/testing';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A workload that passes all guardrails, whose pods cannot start without some keys of the service's Secret. */
function workload(image: string, keys: string[]): string {
  const env = keys.map(
    key =>
      `{name: ${key}, valueFrom: {secretKeyRef: {name: cart, key: ${key}}}}`,
  );
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: cart}}
  template:
    metadata: {labels: {app.kubernetes.io/name: cart}}
    spec:
      serviceAccountName: cart
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: cart
          image: ${image}
          env: [${env.join(', ')}]
          ports: [{name: http, containerPort: 8080}]
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            readOnlyRootFilesystem: true
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits: {cpu: 100m, memory: 64Mi}
          readinessProbe: {httpGet: {path: /readyz, port: http}}
          livenessProbe: {httpGet: {path: /healthz, port: http}}
`;
}

/**
 * A bare repository `acme/cart.git` with one commit: the service `cart`, which needs secrets.
 *
 * @param repositories - folder of bare repositories
 * @param needs.image - without a tag
 * @returns the commit's id
 */
export async function commitNeeding(
  repositories: string,
  needs: { image: string; keys: string[] },
): Promise<string> {
  const bare = join(repositories, 'acme', 'cart.git');
  const work = join(repositories, '.work');
  const files = serviceFiles({
    'deploy/base/workload.yaml': workload(needs.image, needs.keys),
  });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), content);
  }
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: work })).stdout.trim();
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  await run('git', ['init', '--quiet', '--bare', '-b', 'main', bare]);
  await git('init', '--quiet', '-b', 'main');
  await git('add', '.');
  await git(...as, 'commit', '--quiet', '--message', 'Begin');
  await git('push', '--quiet', bare, 'main');
  return git('rev-parse', 'HEAD');
}
