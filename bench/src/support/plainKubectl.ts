import { kubectlBinary } from '@highroad/sandbox';
import { TestSandbox } from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';

export type Kubectl = (args: string[], input?: string) => Promise<string>;

/** kubectl in no namespace, so that what it applies may say in which it is. */
export async function plainKubectl(sandbox: TestSandbox): Promise<Kubectl> {
  const binary = await kubectlBinary(sandbox.paths.cache);
  const { kubeconfig } = sandbox.connection.kubernetes;
  return (args, input = '') =>
    new Promise((resolve, reject) => {
      const child = execFile(
        binary,
        [`--kubeconfig=${kubeconfig}`, ...args],
        { maxBuffer: 64 * 1024 * 1024 },
        (error, stdout) => (error ? reject(error) : resolve(stdout)),
      );
      child.stdin?.end(input);
    });
}
