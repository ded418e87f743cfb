import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { Detail, durationText, nameOf } from '@highroad/plugin-metrics-common';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { useEffect, useId, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { MetricsApi, metricsApiRef } from '../api';

type Asked = Omit<Parameters<MetricsApi['details']>[0], 'before'>;

/** The deployments that a number was taken from, and why each counts. */
export function DetailDrawer(props: {
  title: string;
  asked: Asked;
  onClose: () => void;
}) {
  const { title, asked, onClose } = props;
  const api = useApi(metricsApiRef);
  const heading = useId();
  const [items, setItems] = useState<Detail[]>([]);
  const key = JSON.stringify(asked);
  const [{ loading, error, value: page }, load] = useAsyncFn(
    async (before?: string) => {
      const found = await api.details({ ...asked, before });
      setItems(known => (before ? [...known, ...found.items] : found.items));
      return found;
    },
    // The question is another object at each look, with the same in it.
    [api, key],
  );
  useEffect(() => {
    load();
  }, [load]);
  return (
    <Drawer
      anchor="right"
      open
      onClose={onClose}
      PaperProps={{
        ...{ role: 'dialog', 'aria-labelledby': heading },
        sx: { width: { xs: '100%', md: 560 }, p: 2 },
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', mb: 1 }}>
        <Typography
          id={heading}
          component="h2"
          sx={{ fontSize: 18, fontWeight: 600, flexGrow: 1 }}
        >
          {title}: {asked.from} to {asked.to}
        </Typography>
        <IconButton aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </Box>
      {error && (
        <Failure
          what="The deployments could not be read"
          error={error}
          onRetry={() => load()}
        />
      )}
      {loading && items.length === 0 && (
        <Waiting label="Reading the deployments" rows={6} />
      )}
      {page && items.length === 0 && (
        <Typography color="text.secondary">
          No deployment counts for this in this time.
        </Typography>
      )}
      <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {items.map(item => (
          <Item
            key={`${item.service} ${item.environment} ${item.deployment}`}
            item={item}
          />
        ))}
      </Box>
      {page?.next && (
        <Button onClick={() => load(page.next)} disabled={loading}>
          Show more
        </Button>
      )}
    </Drawer>
  );
}

/** Where a deployment of this platform has a page of its own. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function Item({ item }: { item: Detail }) {
  const { service, version, deployment, finishedAt, why, example, commit } =
    item;
  const link =
    item.url ??
    (UUID.test(deployment) ? `/deployments/${deployment}` : undefined);
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
