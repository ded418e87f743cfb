import { useApi } from '@backstage/core-plugin-api';
import {
  adoptionDefinitions,
  adoptionReadings,
  Point,
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
import { sliceOf, View } from '../view/useView';
import { AdoptionCard } from './AdoptionCard';
import { AdoptionDrawer } from './AdoptionDrawer';
import { Adopted, useAdoption } from './useAdoption';
import { PAGES } from '../runbooks';

/** How the platform is taken up: what tells the platform's own people the truth. */
export function Adoption(props: {
  view: View;
  change: (part: Partial<View>) => void;
}) {
  const { view, change } = props;
  const { value, error, retry } = useAdoption(view);
  if (!value && error) {
    return (
      <Failure
        what="The numbers of adoption could not be read"
        error={error}
        runbook={PAGES.numbers}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the numbers" rows={6} />;
  const { adoption, points, scope } = value;
  return (
    <Stack spacing={3}>
      {error && (
        <Alert severity="warning">
          These are the last numbers that were heard: {error.message}
        </Alert>
      )}
      {scope.anew && <AnewNotice />}
      {adoption.example && <ExampleNotice onRemoved={retry} />}
      <Box
        sx={{
          ...{ display: 'grid', gap: 2 },
          gridTemplateColumns: 'repeat(auto-fit, minmax(280px, 1fr))',
        }}
      >
        {adoptionReadings(adoption).map(({ key, ...reading }) => (
          <AdoptionCard
            key={key}
            reading={{ key, ...reading }}
            {...(key === 'nps'
              ? { onResults: () => change({ tab: 'surveys' }) }
              : {
                  points: points.get(key),
                  selected: view.number === key,
                  onSelect: () => change({ number: key }),
                  onDetails: () => change({ details: { key } }),
                })}
          />
        ))}
      </Box>
      <Chart {...{ value, view, change }} />
      <Behind {...{ value, view, change }} />
      <ScopeLine scope={scope} />
    </Stack>
  );
}

interface ChartProps {
  value: Adopted;
  view: View;
  change: (part: Partial<View>) => void;
}

function Chart({ value, view, change }: ChartProps) {
  const api = useApi(metricsApiRef);
  const { question, unit } = adoptionDefinitions[view.number];
  const { range } = value.scope;
  const select = ({ from, to }: Point) =>
    change({
      details: {
        key: view.number,
        from: from < range.from ? range.from : from,
        to: to > range.to ? range.to : to,
      },
    });
  return (
    <SeriesPanel
      title={question}
      unit={unit}
      points={value.points.get(view.number) ?? []}
      asTable={view.table}
      onAsTable={table => change({ table })}
      onSelect={select}
      downloads={[
        {
          file: view.number,
          download: as =>
            api.downloadAdoption({ ...sliceOf(view), key: view.number }, as),
        },
      ]}
    />
  );
}

/** What is behind the number that was clicked. */
function Behind({ value, view, change }: ChartProps) {
  if (!view.details) return null;
  const { key, counts, ...time } = view.details;
  if (!isOfAdoption(key)) return null;
  const { range } = value.scope;
  return (
    <AdoptionDrawer
      asked={{
        ...{ key, counts, slice: view.slice },
        from: time.from ?? range.from,
        to: time.to ?? range.to,
      }}
      onCounts={chosen => change({ details: { key, ...time, counts: chosen } })}
      onClose={() => change({ details: undefined })}
    />
  );
}
