import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Environment } from '@highroad/plugin-environments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { OpenLink } from '../parts/OpenLink';
import { PhaseLabel } from '../parts/PhaseLabel';
import { PlainTable } from '../parts/PlainTable';
import { useNow } from '../parts/useNow';
import { environmentRouteRef } from '../routes';
import { ownerName, pullRequestText, timeLeft } from '../words/short';

const COLUMNS = [
  ...['Name', 'State', 'Address', 'Time left', 'Owner', 'Pull request', 'Age'],
];

/** Where each is, and how long it lives. */
export function EnvironmentTable(props: {
  label: string;
  items: Environment[];
}) {
  const now = useNow();
  return (
    <PlainTable label={props.label} columns={COLUMNS}>
      {props.items.map(one => (
        <Row key={`${one.home}/${one.name}`} environment={one} now={now} />
      ))}
    </PlainTable>
  );
}

function Row({ environment, now }: { environment: Environment; now: number }) {
  const { name, home, phase, message, url, owner } = environment;
  const { pullRequest, createdAt, expiresAt, warnings } = environment;
  const page = useRouteRef(environmentRouteRef)?.({ name });
  return (
    <TableRow hover>
      <TableCell component="th" scope="row">
        <Link to={`${page}?home=${encodeURIComponent(home)}`}>{name}</Link>
      </TableCell>
      <TableCell title={message}>
        <PhaseLabel phase={phase} />
        {phase !== 'ready' && (
          <Typography color="text.secondary" sx={{ fontSize: 13 }}>
            {message}
          </Typography>
        )}
      </TableCell>
      <TableCell>{url && <OpenLink url={url} />}</TableCell>
      <TableCell
        sx={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}
        title={expiresAt && new Date(expiresAt).toString()}
      >
        {timeLeft(environment, now)}
        {warnings.map(warning => (
          <Typography key={warning} color="warning.main" sx={{ fontSize: 13 }}>
            {warning}
          </Typography>
        ))}
      </TableCell>
      <TableCell>{owner && ownerName(owner)}</TableCell>
      <TableCell>
        {pullRequest?.url ? (
          <Link to={pullRequest.url}>{pullRequestText(pullRequest)}</Link>
        ) : (
          pullRequest && pullRequestText(pullRequest)
        )}
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <RelativeTime time={createdAt} />
      </TableCell>
    </TableRow>
  );
}
