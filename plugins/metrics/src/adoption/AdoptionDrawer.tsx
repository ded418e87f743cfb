import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  adoptionDefinitions,
  AdoptionDetail,
  nameOf,
} from '@highroad/plugin-metrics-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import { MetricsApi, metricsApiRef } from '../api';
import { CountsChoice } from '../parts/CountsChoice';
import { linkOf } from '../parts/linkOf';
import { PagedDrawer } from '../parts/PagedDrawer';

type Asked = Omit<Parameters<MetricsApi['adoptionDetails']>[0], 'before'>;

/** The services or deployments that a number of adoption was taken from, and why each counts or does not. */
export function AdoptionDrawer(props: {
  asked: Asked;
  /** Only what counts, or only what does not, or both */
  onCounts: (counts: boolean | undefined) => void;
  onClose: () => void;
}) {
  const { asked, onCounts, onClose } = props;
  const api = useApi(metricsApiRef);
  const what = asked.key === 'golden-path' ? 'deployments' : 'services';
  return (
    <PagedDrawer
      title={`${adoptionDefinitions[asked.key].title}: ${asked.from} to ${
        asked.to
      }`}
      what={what}
      nothing="There is none of these in this time."
      choice={
        <CountsChoice
          counts={asked.counts}
          words={['Counted', 'Not counted']}
          onCounts={onCounts}
        />
      }
      asked={asked}
      read={before => api.adoptionDetails({ ...asked, before })}
      onClose={onClose}
      draw={item => <Item key={JSON.stringify(item)} item={item} />}
    />
  );
}

function Item({ item }: { item: AdoptionDetail }) {
  const { service, owner, deployment, at, why, counts, example } = item;
  const link = deployment && linkOf(deployment);
  const name = deployment && (deployment.version ?? deployment.id);
  return (
    <Box
      component="li"
      sx={{ py: 1.25, borderBottom: 1, borderColor: 'divider', fontSize: 14 }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Box sx={{ fontWeight: 600 }}>
          <EntityRefLink entityRef={service}>{nameOf(service)}</EntityRefLink>
        </Box>
        <Chip
          size="small"
          variant="outlined"
          color={counts ? 'success' : 'default'}
          label={counts ? 'counted' : 'not counted'}
        />
        {example && <Chip size="small" label="example" variant="outlined" />}
        {at && (
          <Box sx={{ ml: 'auto', color: 'text.secondary', fontSize: 13 }}>
            <RelativeTime time={at} />
          </Box>
        )}
      </Box>
      <div>{why}</div>
      {name && (
        <div>Deployment {link ? <Link to={link}>{name}</Link> : name}</div>
      )}
      {owner && (
        <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
          {nameOf(owner)}
        </Box>
      )}
      <Tickets item={item} />
    </Box>
  );
}

function Tickets({ item }: { item: AdoptionDetail }) {
  const { tickets = [], ticketCounts } = item;
  if (tickets.length === 0 || !ticketCounts) return null;
  const inAll = ticketCounts.before + ticketCounts.after;
  return (
    <details>
      <summary>
        {inAll} {inAll === 1 ? 'ticket' : 'tickets'}
      </summary>
      <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
        {tickets.map(({ ticket, url, window, at }) => (
          <li key={ticket}>
            {url ? <Link to={url}>{ticket}</Link> : ticket}: {window},{' '}
            {at.slice(0, 10)}
          </li>
        ))}
        {inAll > tickets.length && <li>and {inAll - tickets.length} more</li>}
      </ul>
    </details>
  );
}
