import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { Detail, durationText, nameOf } from '@highroad/plugin-metrics-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import { MetricsApi, metricsApiRef } from '../api';
import { linkOf } from '../parts/linkOf';
import { PagedDrawer } from '../parts/PagedDrawer';

type Asked = Omit<Parameters<MetricsApi['details']>[0], 'before'>;

/** The deployments that a number was taken from, and why each counts. */
export function DetailDrawer(props: {
  title: string;
  asked: Asked;
  onClose: () => void;
}) {
  const { title, asked, onClose } = props;
  const api = useApi(metricsApiRef);
  return (
    <PagedDrawer
      title={title}
      what="deployments"
      nothing="No deployment counts for this in this time."
      asked={asked}
      read={before => api.details({ ...asked, before })}
      onClose={onClose}
      draw={item => (
        <Item
          key={`${item.service} ${item.environment} ${item.deployment}`}
          item={item}
        />
      )}
    />
  );
}

function Item({ item }: { item: Detail }) {
  const { service, version, deployment, finishedAt, why, example, commit } =
    item;
  const link = linkOf({ id: deployment, url: item.url });
  const name = `${nameOf(service)} ${version ?? deployment}`;
  return (
    <Box
      component="li"
      sx={{ py: 1.25, borderBottom: 1, borderColor: 'divider', fontSize: 14 }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Box sx={{ fontWeight: 600 }}>
          {link ? <Link to={link}>{name}</Link> : name}
        </Box>
        {example && <Chip size="small" label="example" variant="outlined" />}
        <Box sx={{ ml: 'auto', color: 'text.secondary', fontSize: 13 }}>
          <RelativeTime time={finishedAt} />
        </Box>
      </Box>
      <div>{why}</div>
      {commit && (
        <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
          Commit <code>{commit.slice(0, 12)}</code>
        </Box>
      )}
      {item.incidents.map(one => (
        <div key={one.incident}>
          Incident{' '}
          {one.url ? (
            <Link to={one.url}>{one.title ?? one.incident}</Link>
          ) : (
            one.title ?? one.incident
          )}
          {one.resolvedAt ? '' : ', still open'}
        </div>
      ))}
      {item.changes.length > 0 && (
        <details>
          <summary>
            {item.changesInAll} {item.changesInAll === 1 ? 'change' : 'changes'}
          </summary>
          <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
            {item.changes.map(change => (
              <li key={change.change}>
                {change.url ? (
                  <Link to={change.url}>{titleOf(change)}</Link>
                ) : (
                  titleOf(change)
                )}
                :{' '}
                {change.excluded
                  ? 'left out, its time is negative'
                  : durationText(change.seconds)}
              </li>
            ))}
            {item.changesInAll > item.changes.length && (
              <li>and {item.changesInAll - item.changes.length} more</li>
            )}
          </ul>
        </details>
      )}
    </Box>
  );
}

function titleOf({ title, change }: Detail['changes'][number]): string {
  return title ?? change.slice(0, 12);
}
