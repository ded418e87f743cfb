import { useApi } from '@backstage/core-plugin-api';
import {
  Deployment,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { Failure } from '@highroad/plugin-platform-react';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { deploymentsApiRef } from '../api';
import { RUNBOOK } from '../runbooks';
import { serviceName, shortDigest, shortVersion } from '../words/short';
import { AskDialog } from './AskDialog';
import { DeployPreview } from './DeployPreview';
import { EnvironmentField } from './EnvironmentField';
import { ReasonField } from './ReasonField';
import { needsTakeOver, TakeOverField } from './TakeOverField';
import { useGoTo } from './useGoTo';
import { useRights } from './useRights';

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
  const rights = useRights(service);
  const places = useAsyncRetry(
    async () => (await api.status({ service: [service] })).items,
    [api, service],
  );
  const there = places.value?.find(({ environment }) => environment === to);
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
      {places.error && !places.loading && (
        <Failure
          what={`What runs of ${serviceName(service)} could not be read`}
          error={places.error}
          unaffected="It can be promoted all the same. It is not known whether something there was changed by hand."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={places.retry}
        />
      )}
      {to && rights.create && (
        <DeployPreview {...{ service, from }} environment={to} />
      )}
      <TakeOverField
        place={there}
        checked={wantsTakeOver}
        onChange={setWantsTakeOver}
      />
      <ReasonField value={reason} onChange={setReason} />
    </AskDialog>
  );
}
