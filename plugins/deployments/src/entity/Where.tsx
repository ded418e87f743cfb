import { Failure, Followed, Waiting } from '@highroad/plugin-platform-react';
import { DeployButton } from '../ask/DeployButton';
import { useRights } from '../ask/useRights';
import { NotConnected } from '../board/NotConnected';
import { NothingDeployed } from '../board/NothingDeployed';
import { Unwatched } from '../board/Unwatched';
import { Lost } from '../parts/Lost';
import { RUNBOOK } from '../runbooks';
import { PlaceTable } from './PlaceTable';
import { Places } from './usePlaces';

/** What runs where of one service, in each of the states that this can be in. */
export function Where(props: {
  service: string;
  name: string;
  followed: Followed<Places>;
}) {
  const { service, name } = props;
  const { value: known, error, heardAt, retry } = props.followed;
  const rights = useRights(service);
  if (!known) {
    return error ? (
      <Failure
        what={`What runs of ${name} could not be read`}
        error={error}
        unaffected="What runs keeps running."
        runbook={RUNBOOK.doesNotAnswer}
        onRetry={retry}
      />
    ) : (
      <Waiting label={`Reading what runs of ${name}`} rows={2} />
    );
  }
  const { environments, places, unwatched } = known;
  if (places.length === 0) return <NotConnected />;
  const nothing = places.every(({ running, latest }) => !running && !latest);
  return (
    <>
      {error && heardAt && <Lost error={error} heardAt={heardAt} />}
      {nothing ? (
        <NothingDeployed
          service={name}
          environment={environments[0].name}
          action={rights.create && <DeployButton service={service} />}
        />
      ) : (
        <>
          <Unwatched environments={unwatched} />
          <PlaceTable service={service} known={known} />
        </>
      )}
    </>
  );
}
