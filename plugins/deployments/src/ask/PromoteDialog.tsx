import { useApi } from '@backstage/core-plugin-api';
import {
  Deployment,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import { deploymentsApiRef } from '../api';
import { serviceName, shortDigest, shortVersion } from '../words/short';
import { AskDialog } from './AskDialog';
import { EnvironmentField } from './EnvironmentField';
import { ReasonField } from './ReasonField';
import { needsTakeOver, TakeOverField } from './TakeOverField';
import { useGoTo } from './useGoTo';

/** Asks where to take what runs somewhere. */
export function PromoteDialog(props: {
  /** What runs, and where from */
  running: Deployment;
  /** In their order; the one after is proposed */
  environments: StandingEnvironment[];
  onClose: () => void;
}) {
  const { running, environments, onClose } = props;
  const { service, environment: from, digest } = running;
  const api = useApi(deploymentsApiRef);
  const goTo = useGoTo();
  const [reason, setReason] = useState('');
  const [wantsTakeOver, setWantsTakeOver] = useState(false);
  const others = environments.filter(({ name }) => name !== from);
  const next =
    environments[environments.findIndex(({ name }) => name === from) + 1] ??
    others.at(0);
  const [to, setTo] = useState(next?.name ?? '');
  const where = environments.find(({ name }) => name === to);
  const { value: places } = useAsync(
    async () => (await api.status({ service: [service] })).items,
    [api, service],
  );
  const there = places?.find(({ environment }) => environment === to);
  const takeOver = needsTakeOver(there) && wantsTakeOver;
  const version = shortVersion(running.version);
  return (
    <AskDialog
      title={`Promote ${serviceName(service)} from ${from}`}
      submit={`Promote ${version} to ${to}`}
      obstacle={to ? undefined : 'There is no other environment.'}
      place={{ service, environment: to }}
      effect={
        <>
          Takes exactly the image that runs in {from}, {version}
          {digest && ` (${shortDigest(digest)})`}, to {to}. A build is not
          needed.{' '}
          {where?.approval && 'Somebody other than you has to approve it.'}
        </>
      }
      ask={async supersede => {
        const { deployment } = await api.promote({
          ...{ service, from, environment: to, supersede, takeOver },
          reason: reason || undefined,
        });
        return deployment;
      }}
      onDone={goTo}
      onClose={onClose}
    >
      <EnvironmentField value={to} environments={others} onChange={setTo} />
      <TakeOverField
        place={there}
        checked={wantsTakeOver}
        onChange={setWantsTakeOver}
      />
      <ReasonField value={reason} onChange={setReason} />
    </AskDialog>
  );
}
