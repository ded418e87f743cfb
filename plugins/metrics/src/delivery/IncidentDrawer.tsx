import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { IncidentDetail, nameOf } from '@highroad/plugin-metrics-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import { MetricsApi, metricsApiRef } from '../api';
import { PagedDrawer } from '../parts/PagedDrawer';

/** The incidents that the time to restore was taken from, and why each counts. */
export function IncidentDrawer(props: {
  asked: Omit<Parameters<MetricsApi['incidents']>[0], 'before'>;
  onClose: () => void;
}) {
  const { asked, onClose } = props;
  const api = useApi(metricsApiRef);
  return (
    <PagedDrawer
      title={`All incidents: ${asked.from} to ${asked.to}`}
      what="incidents"
      nothing="No incident was detected in this time."
      asked={asked}
      read={before => api.incidents({ ...asked, before })}
      onClose={onClose}
      draw={item => (
        <Item
          key={`${item.service} ${item.environment} ${item.incident}`}
          item={item}
        />
      )}
    />
  );
}

function Item({ item }: { item: IncidentDetail }) {
  const { service, incident, title, url, detectedAt, example, why } = item;
  const name = title ?? incident;
  return (
    <Box
      component="li"
      sx={{ py: 1.25, borderBottom: 1, borderColor: 'divider', fontSize: 14 }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Box sx={{ fontWeight: 600 }}>
          {nameOf(service)}: {url ? <Link to={url}>{name}</Link> : name}
        </Box>
        {example && <Chip size="small" label="example" variant="outlined" />}
        <Box sx={{ ml: 'auto', color: 'text.secondary', fontSize: 13 }}>
          <RelativeTime time={detectedAt} />
        </Box>
      </Box>
      <div>{why}</div>
    </Box>
  );
}
