import { useApi } from '@backstage/core-plugin-api';
import {
  bandRanges,
  definitions,
  Exported,
  Point,
  tookText,
} from '@highroad/plugin-metrics-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import { metricsApiRef } from '../api';
import { SeriesPanel } from '../chart/SeriesPanel';
import { ExampleNotice } from '../example/ExampleNotice';
import { AnewNotice } from '../parts/AnewNotice';
import { isOfAdoption } from '../parts/isOfAdoption';
import { ScopeLine } from '../parts/ScopeLine';
import { PAGES } from '../runbooks';
import { scopeOf, View } from '../view/useView';
import { DetailDrawer } from './DetailDrawer';
import { IncidentDrawer } from './IncidentDrawer';
import { KeyCard } from './KeyCard';
import { NotConnected } from './NotConnected';
import { TeamTable } from './TeamTable';
import { Delivery as Value, useDelivery } from './useDelivery';

/** What is drawn comes first. */
const DOWNLOADS: Exported[] = [
  ...(['numbers', 'deployments', 'changes', 'incidents'] as const),
];

/** The keys, one of them over time, and who contributes what. */
export function Delivery(props: {
  view: View;
  change: (part: Partial<View>) => void;
  /** Without the table of teams: it is about one service */
  one?: boolean;
}) {
  const { view, change, one } = props;
  const { value, error, retry } = useDelivery(view);
  if (!value && error) {
    return (
      <Failure
        what="The numbers could not be read"
        error={error}
        unaffected="Nothing that was told to the ledger is lost."
        runbook={PAGES.numbers}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the numbers" rows={10} />;
  const { scope } = value;
  // Where something is known of others or of later, there is a source.
  const nothing =
    !(scope.slice || scope.knownFrom || view.environment) &&
    value.keys.every(key => key.current.state === 'no-data');
  return (
    <>
      {error && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          These are the last numbers that were heard: {error.message}
        </Alert>
      )}
      {scope.anew && <AnewNotice />}
      {scope.example && <ExampleNotice onRemoved={retry} />}
      {nothing ? (
        <NotConnected onLoaded={retry} />
      ) : (
        <Content {...{ value, view, change, one }} />
      )}
    </>
  );
}

function Content(props: {
  value: Value;
  view: View;
  change: (part: Partial<View>) => void;
  one?: boolean;
}) {
  const { value, view, change, one } = props;
  const { scope, bands, keys, series } = value;
  return (
    <Stack spacing={3}>
      <Box
        sx={{
          ...{ display: 'grid', gap: 2 },
          gridTemplateColumns: 'repeat(auto-fit, minmax(212px, 1fr))',
        }}
      >
        {keys.map(summary => (
          <KeyCard
            key={summary.key}
            summary={summary}
            bands={bands.name}
            points={series.get(summary.key)?.points}
            selected={view.key === summary.key}
            onSelect={() => change({ key: summary.key })}
            onDetails={() => change({ details: { key: summary.key } })}
            onBehind={key => change({ details: { key } })}
          />
        ))}
      </Box>
      <Chart {...{ value, view, change }} />
      {!one && <TeamTable {...{ view, change }} />}
      <Behind {...{ view, change, range: scope.range }} />
      <ScopeLine scope={scope} />
    </Stack>
  );
}

/** What is behind the number that was clicked. */
function Behind(props: {
  view: View;
  change: (part: Partial<View>) => void;
  range: { from: string; to: string };
}) {
  const { view, change, range } = props;
  if (!view.details) return null;
  const { key, counts, atLeast, below, ...time } = view.details;
  if (isOfAdoption(key)) return null;
  const asked = {
    ...{ slice: view.slice, environment: view.environment },
    from: time.from ?? range.from,
    to: time.to ?? range.to,
  };
  const onClose = () => change({ details: undefined });
  if (key === 'incidents') return <IncidentDrawer {...{ asked, onClose }} />;
  if (key === 'open-failures') {
    return (
      <DetailDrawer
        title={`Open failures up to ${asked.to}`}
        asked={{ ...asked, key: 'recovery', open: true }}
        onClose={onClose}
      />
    );
  }
  const isLong =
    definitions[key].unit === 'seconds' &&
    (atLeast !== undefined || below !== undefined);
  return (
    <DetailDrawer
      title={[
        `${definitions[key].title}: ${asked.from} to ${asked.to}`,
        ...(isLong ? [tookText({ atLeast, below })] : []),
      ].join(', ')}
      asked={{ ...asked, key, counts, ...(isLong && { atLeast, below }) }}
      onCounts={chosen => change({ details: { key, ...time, counts: chosen } })}
      onClose={onClose}
    />
  );
}

function Chart(props: {
  value: Value;
  view: View;
  change: (part: Partial<View>) => void;
}) {
  const { value, view, change } = props;
  const api = useApi(metricsApiRef);
  const { question, unit } = definitions[view.key];
  const found = value.series.get(view.key);
  const points = found?.points ?? [];
  const select = ({ from, to }: Point) => {
    const { range } = value.scope;
    change({
      details: {
        key: view.key,
        from: from < range.from ? range.from : from,
        to: to > range.to ? range.to : to,
      },
    });
  };
  return (
    <SeriesPanel
      title={question}
      {...{ unit, points, onSelect: select }}
      behind={{
        previous: found?.previous,
        bands: bandRanges(view.key, view.bucket, value.bands),
        bandsOf: value.bands.name,
      }}
      distribution={found?.distribution}
      onSelectLength={({ from: atLeast, to: below }) =>
        change({
          details: { key: view.key, ...value.scope.range, atLeast, below },
        })
      }
      asTable={view.table}
      onAsTable={table => change({ table })}
      downloads={DOWNLOADS.map(file => ({
        file,
        download: as =>
          api.download(file, { ...scopeOf(view), bucket: view.bucket }, as),
      }))}
    />
  );
}
