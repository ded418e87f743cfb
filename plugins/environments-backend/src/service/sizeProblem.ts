import {
  EnvironmentDatabaseSpec,
  EnvironmentServiceSpec,
} from '@highroad/plugin-environments-common';
import { parseQuantity } from '@highroad/plugin-platform-node/manifests';
import {
  Amount,
  isMore,
  limitOf,
  USUAL,
} from '../controller/objects/containerLimits';
import { PreviewSettings } from './PreviewSettings';

interface Sized {
  services: EnvironmentServiceSpec[];
  databases: Pick<EnvironmentDatabaseSpec, 'driver'>[];
}

/**
 * Why an environment's services could not all run beside one another, where its manifest says so already: half of one helps
 * nobody. What services' own manifests say is known later.
 *
 * @returns what to change, as the end of a sentence on its services
 */
export function sizeProblem(
  { services, databases }: Sized,
  { limits, databases: drivers }: Pick<PreviewSettings, 'limits' | 'databases'>,
): string | undefined {
  const servers = databases.filter(
    ({ driver = drivers.driver }) => driver === 'cluster',
  ).length;
  const written = services.filter(({ from }) => !from);
  const pods = services.reduce((sum, one) => sum + one.replicas, 0) + servers;
  if (pods > limits.pods) {
    return `together they are ${pods} pods, and an environment has ${limits.pods} at most; run fewer replicas`;
  }
  const most = (amount: Amount) =>
    written.reduce(
      (sum, { replicas, resources }) =>
        sum + replicas * limitOf(resources, amount),
      servers * limitOf({ limits: drivers.cluster?.limits }, amount),
    );
  const tooMuch = (amount: Amount, said: string, words: string) =>
    isMore(most(amount), parseQuantity(said) ?? Infinity)
      ? `together they may use ${words}, and an environment has ${said} at most; ask for less under resources.limits.${amount}, without which each counts with ${USUAL.limits[amount]}`
      : undefined;
  return (
    tooMuch('cpu', limits.cpu, `${rounded(most('cpu'))} CPU`) ??
    tooMuch(
      'memory',
      limits.memory,
      `${rounded(most('memory') / 2 ** 30)}Gi of memory`,
    )
  );
}

function rounded(amount: number): number {
  return Math.round(amount * 100) / 100;
}
