import { kubectlBinary } from '@highroad/sandbox';
import { TestSandbox } from '@highroad/sandbox/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

/** Sees which pods a Service of Argo Rollouts leads to, as soon as the API server says so. */
export async function watchSelector(
  sandbox: TestSandbox,
  service: { namespace: string; name: string },
) {
  const binary = await kubectlBinary(sandbox.paths.cache);
  const child = spawn(
    binary,
    [
      `--kubeconfig=${sandbox.connection.kubernetes.kubeconfig}`,
      ...['get', 'service', service.name, `--namespace=${service.namespace}`],
      ...['--watch', '--output=jsonpath={.spec.selector}{"\\n"}'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout });
  let current = '';
  lines.on('line', line => {
    current = line;
  });
  if (!current) await once(lines, 'line');
  return {
    current: () => current,
    /** @returns when it led elsewhere, as of `performance.now()` */
    async change(): Promise<number> {
      const before = current;
      while (current === before) await once(lines, 'line');
      return performance.now();
    },
    stop: () => child.kill(),
  };
}
