import { ApiHolder } from '@backstage/core-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { Need, NeedsSource } from '@highroad/plugin-platform-react';
import { deploymentsApiRef } from '../api';
import { Place, troubleOf } from '../board/board';
import { podsText } from '../words/pods';
import { serviceName, shortVersion, withShortHashes } from '../words/short';

const WEEK_MS = 7 * 24 * 3_600_000;

/** What failed, is down, waits for somebody's approval, or was changed by hand, of the reader's services. */
export const deploymentNeeds: NeedsSource = {
  what: 'your deployments',
  ask: (apis, { services }) => ask(apis, services, new Date()),
};

async function ask(
  apis: ApiHolder,
  services: string[],
  now: Date,
): Promise<Need[]> {
  const deployments = apis.get(deploymentsApiRef);
  if (!deployments || services.length === 0) return [];
  const { items } = await deployments.status({ service: services });
  return items
    .flatMap(place => needOf(place, now) ?? [])
    .sort((a, b) => b.since.localeCompare(a.since));
}

type Dated = Need & { since: string };

/** What a place asks of its owner; nothing where all is well, or where nobody has minded for a week. */
export function needOf(place: Place, now: Date): Dated | undefined {
  const { drift, latest, pods, running, undone } = place;
  const trouble = troubleOf(place);
  if (trouble?.kind === 'down' && pods) {
    return {
      ...told(trouble.deployment, `It is down: ${podsText(pods)}.`, 'See why'),
      // However long ago it was deployed, it is down now.
      since: now.toISOString(),
    };
  }
  const waits =
    latest?.state === 'waiting-for-approval' &&
    told(latest, 'It waits for a second person’s approval.', 'Look at it');
  const failed =
    trouble &&
    trouble.kind === 'failed' &&
    told(trouble.deployment, trouble.deployment.summary, 'See why');
  // That the one before runs again is no need; that the newer one failed is.
  const back =
    trouble?.kind === 'back' &&
    told(
      undone ?? trouble.deployment,
      `It failed, and ${shortVersion(
        trouble.deployment.version,
      )} was put back.`,
      'See why',
    );
  const changed =
    running &&
    drift?.state === 'differs' &&
    told(running, 'It was changed by hand since.', 'See what');
  const need = waits || failed || back || changed || undefined;
  return need && now.getTime() - Date.parse(need.since) < WEEK_MS
    ? need
    : undefined;
}

function told(deployment: Deployment, why: string, label: string): Dated {
  const { id, service, environment, version } = deployment;
  return {
    key: `deployment:${id}`,
    title: `${serviceName(service)} ${shortVersion(version)} in ${environment}`,
    why: withShortHashes(why.replace(/\.?$/, '.')),
    action: { label, to: `/deployments/${id}` },
    since: deployment.endedAt ?? deployment.requestedAt,
  };
}
