import { useApi } from '@backstage/core-plugin-api';
import { definitions, Point } from '@highroad/plugin-metrics-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import { metricsApiRef } from '../api';
import { Distribution } from '../chart/Distribution';
import { PointTable } from '../chart/PointTable';
import { SeriesChart } from '../chart/SeriesChart';
import { ExampleNotice } from '../example/ExampleNotice';
import { Heading } from '../parts/Heading';
import { PAGES } from '../runbooks';
import { scopeOf, View } from '../view/useView';
import { DetailDrawer } from './DetailDrawer';
import { IncidentDrawer } from './IncidentDrawer';
import { KeyCard } from './KeyCard';
import { NotConnected } from './NotConnected';
import { TeamTable } from './TeamTable';
import { Delivery as Value, useDelivery } from './useDelivery';

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
        runbook={PAGES.doesNotAnswer}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the numbers" rows={10} />;
  const nothing = value.keys.every(key => key.current.state === 'no-data');
  return (
    <>
      {error && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          These are the last numbers that were heard: {error.message}
        </Alert>
      )}
      {value.scope.anew && (
        <Alert severity="info" sx={{ mb: 2 }}>
          All numbers are being computed anew. Those that are not reached yet
          are as they were before, or missing after an update that keeps them in
          another way. Data quality says how far it is.
        </Alert>
      )}
      {value.scope.example && <ExampleNotice onRemoved={retry} />}
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
            onIncidents={() => change({ details: { key: 'incidents' } })}
          />
        ))}
      </Box>
      <Chart {...{ value, view, change }} />
      {!one && <TeamTable {...{ view, change }} />}
      <Behind {...{ view, change, range: scope.range }} />
      <Box sx={{ fontSize: 13, color: 'text.secondary' }}>
        {scope.range.from} to {scope.range.to}, days of {scope.timeZone},{' '}
        {scope.environments.join(', ')}; compared with {scope.previous.from} to{' '}
        {scope.previous.to}.{' '}
        {scope.knownFrom &&
          `Deployments are known from ${scope.knownFrom} on, and counted from there.`}{' '}
        {scope.incomplete && 'The last day is not over yet.'} Nothing here is
        counted by person.
      </Box>
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
  const { key, ...time } = view.details;
  const asked = {
    ...{ slice: view.slice, environment: view.environment },
    from: time.from ?? range.from,
    to: time.to ?? range.to,
  };
  const onClose = () => change({ details: undefined });
  return key === 'incidents' ? (
    <IncidentDrawer {...{ asked, onClose }} />
  ) : (
    <DetailDrawer
      title={definitions[key].title}
      asked={{ ...asked, key }}
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
  const download = async (as: 'csv' | 'jsonl') => {
    const file = await api.download(scopeOf(view), as);
    const url = URL.createObjectURL(file);
    const link = document.createElement('a');
    link.href = url;
    link.download = `deployments.${as}`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Paper component="section" variant="outlined" sx={{ p: 2 }}>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Box sx={{ flexGrow: 1 }}>
          <Heading>{question}</Heading>
        </Box>
        <Button
          size="small"
          aria-pressed={view.table}
          onClick={() => change({ table: !view.table })}
        >
          {view.table ? 'As a chart' : 'As a table'}
        </Button>
        <Button size="small" onClick={() => download('csv')}>
          Download CSV
        </Button>
        <Button size="small" onClick={() => download('jsonl')}>
          Download JSON
        </Button>
      </Box>
      {points.length === 0 && (
        <Box sx={{ color: 'text.secondary' }}>
          There is no data to draw, which is not the same as zero.
        </Box>
      )}
      {points.length > 0 &&
        (view.table ? (
          <PointTable
            {...{ unit, points, title: question, onSelect: select }}
          />
        ) : (
          <SeriesChart
            {...{ unit, points, title: question, onSelect: select }}
          />
        ))}
      {found && found.distribution.length > 0 && (
        <Box sx={{ mt: 2, maxWidth: 560 }}>
          <Distribution
            title="How many took how long"
            bins={found.distribution}
          />
        </Box>
      )}
    </Paper>
  );
}
