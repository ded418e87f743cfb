import { useApi } from '@backstage/core-plugin-api';
import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { environmentsApiRef } from '../api';
import { PlainTable } from '../parts/PlainTable';
import { Section } from '../parts/Section';

const FEW = 20;

/** What the cluster says of its objects, anew whenever it changes. */
export function Events({ environment }: { environment: EnvironmentDetail }) {
  const { name, home, resourceVersion } = environment;
  const api = useApi(environmentsApiRef);
  const { value, error, retry } = useAsyncRetry(
    () => api.events({ name, home }),
    [api, name, home, resourceVersion],
  );
  return (
    <Section title="What happened">
      {!value && !error && <Waiting label="Reading what happened" rows={3} />}
      {error && (
        <Failure
          what="What happened could not be read"
          error={error}
          onRetry={retry}
        />
      )}
      {value?.items.length === 0 && (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          The cluster has nothing to say of it. It forgets what is older than an
          hour.
        </Typography>
      )}
      {value && value.items.length > 0 && (
        <PlainTable label="What happened" columns={['When', 'About', 'What']}>
          {value.items.slice(0, FEW).map((one, at) => (
            <TableRow key={at}>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <RelativeTime time={one.at} />
              </TableCell>
              <TableCell>{one.about}</TableCell>
              <TableCell>
                {one.warning && <strong>Warning: </strong>}
                {one.reason}: {one.message}
                {one.count > 1 && ` (${one.count} times)`}
              </TableCell>
            </TableRow>
          ))}
        </PlainTable>
      )}
    </Section>
  );
}
