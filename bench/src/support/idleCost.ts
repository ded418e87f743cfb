import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kubectl } from './plainKubectl';

/** What environments consist of, and they themselves. */
const KINDS =
  'environments,namespaces,resourcequotas,limitranges,networkpolicies,services,deployments,ingresses';

/**
 * What environments cost that nobody changes: which objects were written meanwhile, by anybody, and what part of a
 * processor this process took.
 */
export async function idleCost(
  kubectl: Kubectl,
  forMs: number,
): Promise<{ written: string[]; cpuPercent: number }> {
  const before = new Set(await versions(kubectl));
  const cpu = process.cpuUsage();
  const began = performance.now();
  await sleep(forMs);
  const { user, system } = process.cpuUsage(cpu);
  const passed = performance.now() - began;
  const after = await versions(kubectl);
  return {
    written: after.filter(version => !before.has(version)),
    cpuPercent: (user + system) / 1000 / passed / 0.01,
  };
}

async function versions(kubectl: Kubectl): Promise<string[]> {
  const text = await kubectl([
    ...['get', KINDS, '--all-namespaces', '--no-headers'],
    '--output=custom-columns=A:.kind,B:.metadata.namespace,C:.metadata.name,D:.metadata.uid,E:.metadata.resourceVersion',
  ]);
  return text.split('\n').filter(Boolean);
}
