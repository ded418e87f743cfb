import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { Detail, durationText, nameOf } from '@highroad/plugin-metrics-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import { MetricsApi, metricsApiRef } from '../api';
import { CountsChoice } from '../parts/CountsChoice';
import { linkOf } from '../parts/linkOf';
import { PagedDrawer } from '../parts/PagedDrawer';

type Asked = Omit<Parameters<MetricsApi['details']>[0], 'before'>;

/** Of a commit. */
const HASH = /^[0-9a-f]{7,64}$/;
/** What both sides of a share are called. */
const SHARES: Partial<Record<Asked['key'], [string, string]>> = {
  'change-failure-rate': ['Needed intervention', 'Completed well'],
  rework: ['Repaired something', 'Others'],
};

/** The deployments that a number was taken from, and why each counts. */
export function DetailDrawer(props: {
  title: string;
  asked: Asked;
  /** Of a share: only what is counted as such, only the others, or both */
  onCounts?: (counts: boolean | undefined) => void;
  onClose: () => void;
}) {
  const { title, asked, onCounts, onClose } = props;
  const api = useApi(metricsApiRef);
  const words = SHARES[asked.key];
  return (
    <PagedDrawer
      title={title}
      what="deployments"
      nothing="No deployment counts for this in this time."
      {...(words &&
        onCounts && {
          choice: (
            <CountsChoice {...{ words, onCounts }} counts={asked.counts} />
          ),
        })}
      asked={asked}
      read={before => api.details({ ...asked, before })}
      onClose={onClose}
      draw={item => (
        <Item
          key={`${item.service} ${item.environment} ${item.deployment}`}
          item={item}
          mark={words?.[item.counts ? 0 : 1]}
        />
      )}
    />
  );
}

function Item({ item, mark }: { item: Detail; mark?: string }) {
  const { service, version, deployment, finishedAt, why, example } = item;
  const { commit, commitUrl } = item;
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
        {mark && (
          <Chip
            size="small"
            label={mark}
            variant="outlined"
            color={item.counts ? 'warning' : 'default'}
          />
        )}
        {example && <Chip size="small" label="example" variant="outlined" />}
        <Box sx={{ ml: 'auto', color: 'text.secondary', fontSize: 13 }}>
          <RelativeTime time={finishedAt} />
        </Box>
      </Box>
      <div>{why}</div>
      {commit && (
        <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
          Commit{' '}
          {commitUrl ? (
            <Link to={commitUrl}>
              <code>{commit.slice(0, 12)}</code>
            </Link>
          ) : (
            <code>{commit.slice(0, 12)}</code>
          )}
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
  return title ?? (HASH.test(change) ? change.slice(0, 12) : change);
}
