import { useApi } from '@backstage/core-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { useState } from 'react';
import { DeploymentsApi, deploymentsApiRef } from '../api';
import { AskDialog } from '../ask/AskDialog';
import { ReasonField } from '../ask/ReasonField';
import { serviceName, shortVersion } from '../words/short';

type Confirmed = 'approve' | 'cancel' | 'abort';

const WORDS: Record<
  Confirmed,
  (
    version: string,
    environment: string,
  ) => { verb: string; submit: string; effect: string }
> = {
  approve: (version, environment) => ({
    verb: 'Approve',
    submit: `Approve ${version} for ${environment}`,
    effect: `${version} is applied to ${environment} at once, and you stand in the records as who approved it.`,
  }),
  cancel: (version, environment) => ({
    verb: 'Stop',
    submit: `Stop ${version}`,
    effect: `${version} is not brought to ${environment}. Where something of it was applied already, what ran before is put back.`,
  }),
  abort: (version, environment) => ({
    verb: 'Abort',
    submit: `Abort ${version}`,
    effect: `All requests go to what ran before in ${environment}, which is put back.`,
  }),
};

/** Asks once more before something is approved or stopped. */
export function ConfirmDialog(props: {
  deployment: Deployment;
  control: Confirmed;
  onClose: () => void;
}) {
  const { deployment, control, onClose } = props;
  const { service, environment } = deployment;
  const api = useApi(deploymentsApiRef);
  const [reason, setReason] = useState('');
  const version = shortVersion(deployment.version);
  const words = WORDS[control](version, environment);
  return (
    <AskDialog
      title={`${words.verb} ${version} of ${serviceName(service)}`}
      submit={words.submit}
      effect={words.effect}
      grave={control !== 'approve'}
      ask={() => doIt(api, control, deployment.id, reason || undefined)}
      onDone={onClose}
      onClose={onClose}
    >
      <ReasonField value={reason} onChange={setReason} />
    </AskDialog>
  );
}

async function doIt(
  api: DeploymentsApi,
  control: Confirmed,
  id: string,
  reason: string | undefined,
): Promise<Deployment> {
  const answer =
    control === 'abort'
      ? await api.steer({ id, action: 'abort', reason })
      : await api[control]({ id, reason });
  return answer.deployment;
}
