import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Stack from '@mui/material/Stack';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { useSearchParams } from 'react-router-dom';
import { Place, troubleOf } from '../board/board';
import { NotConnected } from '../board/NotConnected';
import { usePlaces } from '../entity/usePlaces';
import { useService } from '../entity/useService';
import { RUNBOOK } from '../runbooks';
import { Operate } from './Operate';

/** "Why is it failing?", of a service in one environment after the other. */
export function OperateTab() {
  const { service, name } = useService();
  const [search, setSearch] = useSearchParams();
  const { value: known, error, retry } = usePlaces(service);
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
      <Waiting label={`Reading what runs of ${name}`} rows={4} />
    );
  }
  const { places } = known;
  if (places.length === 0) return <NotConnected />;
  const asked = search.get('env');
  const place =
    places.find(({ environment }) => environment === asked) ??
    mostUrgent(places);
  return (
    <Stack spacing={2}>
      <Tabs
        value={place.environment}
        onChange={(_, env: string) => setSearch({ env }, { replace: true })}
        aria-label="Environment"
      >
        {places.map(({ environment }) => (
          <Tab key={environment} value={environment} label={environment} />
        ))}
      </Tabs>
      <Operate key={place.environment} place={place} name={name} />
    </Stack>
  );
}

/** Where something is wrong, else where something runs that comes last on the way. */
function mostUrgent(places: Place[]): Place {
  const runs = places.filter(({ running }) => running);
  return places.find(one => troubleOf(one)) ?? runs.at(-1) ?? places[0];
}
