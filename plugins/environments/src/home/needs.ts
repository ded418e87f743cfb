import { ApiHolder } from '@backstage/core-plugin-api';
import { Environment } from '@highroad/plugin-environments-common';
import { Need, NeedsSource } from '@highroad/plugin-platform-react';
import { environmentsApiRef } from '../api';
import { isOwn } from '../list/useFilter';

/** What ends soon or is not as it should be, of the reader's environments. */
export const environmentNeeds: NeedsSource = {
  what: 'your environments',
  ask: (apis, { ownershipEntityRefs }) =>
    ask(apis, new Set(ownershipEntityRefs)),
};

async function ask(apis: ApiHolder, own: Set<string>): Promise<Need[]> {
  const environments = apis.get(environmentsApiRef);
  if (!environments) return [];
  const { items, notConnected } = await environments.list({});
  if (notConnected) return [];
  return items.filter(one => isOwn(one, own)).flatMap(one => needOf(one) ?? []);
}

/** What one asks of its owner; nothing where all is well. */
export function needOf(environment: Environment): Need | undefined {
  const { name, home, phase, message, warnings } = environment;
  const wrong = ['refused', 'failed', 'degraded'].includes(phase);
  const [warning] = phase === 'deleting' ? [] : warnings;
  if (!wrong && !warning) return undefined;
  return {
    key: `environment:${home}/${name}`,
    title: name,
    why: wrong ? message : warning,
    action: {
      label: wrong ? 'See why' : 'Extend or end it',
      to: `/environments/${name}?home=${encodeURIComponent(home)}`,
    },
  };
}
