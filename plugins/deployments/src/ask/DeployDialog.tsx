import { useApi } from '@backstage/core-plugin-api';
import { hasEnded } from '@highroad/plugin-deployments-common';
import {
  Failure,
  ServiceField,
  Waiting,
} from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import useLocalStorage from 'react-use/esm/useLocalStorage';
import { deploymentsApiRef } from '../api';
import { RUNBOOK } from '../runbooks';
import { serviceName, shortVersion } from '../words/short';
import { AskDialog } from './AskDialog';
import { CheckField } from './CheckField';
import { DeployEffect } from './DeployEffect';
import { DeployPreview } from './DeployPreview';
import { EnvironmentField } from './EnvironmentField';
import { offersOf } from './offers';
import { ReasonField } from './ReasonField';
import { Repair, RepairField } from './RepairField';
import { needsTakeOver, TakeOverField } from './TakeOverField';
import { useGoTo } from './useGoTo';
import { mergeOffers, useRegistry } from './useOffers';
import { useRights } from './useRights';
import { VersionField, versionProblem } from './VersionField';

/** Asks which version to bring where. */
export function DeployDialog(props: {
  /** Asked for where it is not given */
  service?: string;
  environment?: string;
  version?: string;
  onClose: () => void;
}) {
  const api = useApi(deploymentsApiRef);
  const goTo = useGoTo();
  const [service, setService] = useState(props.service);
  const [last, remember] = useLocalStorage<string>('deployments.environment');
  const [chosen, setChosen] = useState(props.environment);
  const [version, setVersion] = useState(props.version ?? '');
  const [reason, setReason] = useState('');
  const [wantsAgain, setWantsAgain] = useState(false);
  const [wantsTakeOver, setWantsTakeOver] = useState(false);
  const [repair, setRepair] = useState<Repair>({ unplanned: false });
  const rights = useRights(service);
  const environments = useAsyncRetry(
    async () => (await api.environments({})).items,
    [api],
  );
  const read = useAsyncRetry(async () => {
    if (!service) {
      return { places: [], earlier: [], offers: new Map<string, string>() };
    }
    const [status, history] = await Promise.all([
      api.status({ service: [service] }),
      api.list({ service, limit: 30 }),
    ]);
    return {
      places: status.items,
      earlier: history.items.filter(one => hasEnded(one.state)),
      offers: offersOf(status.items, history.items, Date.now()),
    };
  }, [api, service]);
  // What was read of another service is none of this one.
  const known = read.loading || read.error ? undefined : read.value;

  const registry = useRegistry(service);
  const found = registry.value || undefined;
  const unread = found?.problem ?? registry.error?.message;

  const all = environments.value ?? [];
  const where =
    all.find(({ name }) => name === (chosen ?? last)) ??
    all.find(({ production }) => !production) ??
    all.at(0);
  const name = service && serviceName(service);
  const obstacle = [
    !service && 'Choose a service.',
    service &&
      !rights.loading &&
      !rights.create &&
      `You may not deploy ${name}; its owners may.`,
    !version && 'Say which version.',
    version && versionProblem(version),
    !where && 'No environment is known.',
  ].find(Boolean);
  const place = service && where && { service, environment: where.name };
  const there = known?.places.find(
    ({ environment }) => environment === where?.name,
  );
  // What is not offered, for another version or environment, is not meant.
  const same = Boolean(version) && there?.running?.version === version;
  const again = same && wantsAgain;
  const takeOver = needsTakeOver(there) && wantsTakeOver;
  const earlier = (known?.earlier ?? []).filter(
    ({ environment }) => environment === where?.name,
  );
  const fixes = earlier.find(({ id }) => id === repair.fixes)?.id;

  return (
    <AskDialog
      title={name ? `Deploy ${name}` : 'Deploy a service'}
      submit={
        version && where
          ? `Deploy ${shortVersion(version)} to ${where.name}`
          : 'Deploy'
      }
      obstacle={obstacle || undefined}
      place={place || undefined}
      effect={
        where &&
        version && (
          <DeployEffect
            version={version}
            environment={where}
            isKnown={known !== undefined}
            running={there?.running}
            again={again}
          />
        )
      }
      ask={async supersede => {
        if (!place) throw new Error(obstacle || 'Choose where to.');
        remember(place.environment);
        const { deployment } = await api.deploy({
          ...place,
          version,
          reason: reason || undefined,
          ...{ supersede, again, takeOver },
          ...(fixes && { fixes }),
          ...(repair.unplanned && { unplanned: true }),
        });
        return deployment;
      }}
      onDone={goTo}
      onClose={props.onClose}
    >
      {environments.error && (
        <Failure
          what="The environments could not be read"
          error={environments.error}
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={environments.retry}
        />
      )}
      {!props.service && (
        <ServiceField
          value={service}
          onChange={setService}
          nameOf={serviceName}
        />
      )}
      {environments.loading && !environments.value ? (
        <Waiting label="Reading the environments" rows={1} />
      ) : (
        <EnvironmentField
          value={where?.name ?? ''}
          environments={all}
          onChange={setChosen}
        />
      )}
      <VersionField
        value={version}
        offers={mergeOffers(
          known?.offers ?? new Map(),
          found?.items ?? [],
          Date.now(),
        )}
        onChange={setVersion}
      />
      {read.error && !read.loading && (
        <Failure
          what={`What runs of ${name} could not be read`}
          error={read.error}
          unaffected="It can be deployed all the same; what is said of it here is not all."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={read.retry}
        />
      )}
      {unread && (
        <Alert severity="warning">
          The versions could not be read from the registry: {unread} A version
          can be typed all the same.
        </Alert>
      )}
      {place && rights.create && version && !versionProblem(version) && (
        <DeployPreview {...place} version={version} />
      )}
      {same && (
        <CheckField
          label="Apply it again"
          help="Also where there is nothing to do"
          checked={wantsAgain}
          onChange={setWantsAgain}
        />
      )}
      <TakeOverField
        place={there}
        checked={wantsTakeOver}
        onChange={setWantsTakeOver}
      />
      <RepairField earlier={earlier} value={repair} onChange={setRepair} />
      <ReasonField value={reason} onChange={setReason} />
    </AskDialog>
  );
}
