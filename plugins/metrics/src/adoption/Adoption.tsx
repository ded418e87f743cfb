import { useApi } from '@backstage/core-plugin-api';
import {
  AdoptionReading,
  adoptionReadings,
} from '@highroad/plugin-metrics-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { metricsApiRef } from '../api';
import { ExampleNotice } from '../example/ExampleNotice';
import { scopeOf, View } from '../view/useView';

const MOST_LISTED = 10;

/** How the platform is taken up: what tells the platform's own people the truth. */
export function Adoption({ view }: { view: View }) {
  const api = useApi(metricsApiRef);
  const { from, to, days } = scopeOf(view);
  const { value, error, retry } = useAsyncRetry(
    async () => (await api.adoption({ from, to, days })).adoption,
    [api, from, to, days],
  );
  if (error) {
    return (
      <Failure
        what="The numbers of adoption could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the numbers" rows={6} />;
  return (
    <>
      {value.example && <ExampleNotice onRemoved={retry} />}
      <Box
        sx={{
          ...{ display: 'grid', gap: 2 },
          gridTemplateColumns: 'repeat(auto-fit, minmax(280px, 1fr))',
        }}
      >
        {adoptionReadings(value).map(one => (
          <Card key={one.title} {...one} />
        ))}
      </Box>
      <Box sx={{ mt: 2, fontSize: 13, color: 'text.secondary' }}>
        {value.range.from} to {value.range.to}, compared with{' '}
        {value.previous.range.from} to {value.previous.range.to}.
      </Box>
    </>
  );
}

function Card(props: AdoptionReading) {
  const { title, number, compared, reading, list, listTitle } = props;
  const shown = (
    <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
      {list.slice(0, MOST_LISTED).map(one => (
        <li key={one}>{one}</li>
      ))}
      {list.length > MOST_LISTED && (
        <li>and {list.length - MOST_LISTED} more</li>
      )}
    </ul>
  );
  return (
    <Paper
      component="section"
      variant="outlined"
      aria-label={title}
      sx={{ p: 2, fontSize: 14 }}
    >
      <Typography component="h2" sx={{ fontSize: 14, fontWeight: 600 }}>
        {title}
      </Typography>
      <Typography
        color={number === 'no data' ? 'text.secondary' : undefined}
        sx={{ fontSize: 26, fontWeight: 650 }}
      >
        {number}
      </Typography>
      {compared && (
        <Typography color="text.secondary" sx={{ fontSize: 13, mb: 0.5 }}>
          {compared}
        </Typography>
      )}
      <Box sx={{ mb: 1 }}>{reading}</Box>
      {list.length > 0 && !listTitle && shown}
      {list.length > 0 && listTitle && (
        <details>
          <summary>{listTitle}</summary>
          {shown}
        </details>
      )}
    </Paper>
  );
}
