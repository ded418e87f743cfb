import { useApi } from '@backstage/core-plugin-api';
import {
  Adoption as Value,
  differenceText,
  durationText,
  Share,
  Unit,
} from '@highroad/plugin-metrics-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { metricsApiRef } from '../api';
import { ExampleNotice } from '../example/ExampleNotice';
import { nameOf } from '../view/SliceField';
import { scopeOf, View } from '../view/useView';

const MOST_LISTED = 10;

/** How the platform is taken up: what tells the platform's own people the truth. */
export function Adoption({ view }: { view: View }) {
  const api = useApi(metricsApiRef);
  const { from, to } = scopeOf(view);
  const { value, error, retry } = useAsyncRetry(
    async () => (await api.adoption({ from, to })).adoption,
    [api, from, to],
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
        <Card
          title="Onboarded services"
          number={shareText(value.onboarding)}
          compared={sharesCompared(value.onboarding, value.previous.onboarding)}
          reading={
            value.onboarding.state === 'value'
              ? `${value.onboarding.part} of ${value.onboarding.whole} services that it could run were made from its template or are deployed by it.`
              : value.onboarding.why
          }
        />
        <Card
          title="Golden-path share"
          number={shareText(value.goldenPath)}
          compared={sharesCompared(value.goldenPath, value.previous.goldenPath)}
          reading={
            value.goldenPath.state === 'value'
              ? `${value.goldenPath.part} of ${value.goldenPath.whole} deployments to production that are known of were made by this platform.`
              : value.goldenPath.why
          }
        />
        <FirstDeployment
          value={value.firstDeployment}
          previous={value.previous.firstDeployment}
        />
        <Deviations
          value={value.deviations}
          previous={value.previous.deviations}
        />
        <Deflection value={value.deflection} />
      </Box>
      <Box sx={{ mt: 2, fontSize: 13, color: 'text.secondary' }}>
        {value.range.from} to {value.range.to}, compared with{' '}
        {value.previous.range.from} to {value.previous.range.to}.
      </Box>
    </>
  );
}

function FirstDeployment(props: {
  value: Value['firstDeployment'];
  previous: Value['firstDeployment'];
}) {
  const { value, previous } = props;
  if (value.state === 'no-data') {
    return (
      <Card
        title="Time to first deployment"
        number="no data"
        reading={value.why}
      />
    );
  }
  const { censored } = value;
  return (
    <Card
      title="Time to first deployment"
      number={
        value.median === undefined ? 'none yet' : durationText(value.median)
      }
      compared={compared(
        value.median,
        previous.state === 'value' ? previous.median : undefined,
        { unit: 'seconds', better: 'less' },
      )}
      reading={`Median from creation to the first success in production, of ${value.n} services.`}
    >
      {censored.length > 0 && (
        <details>
          <summary>
            {censored.length} are not there yet, and no part of it
          </summary>
          <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
            {censored.slice(0, MOST_LISTED).map(one => (
              <li key={one.service}>
                {nameOf(one.service)}: {durationText(one.seconds)} so far
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Deviations(props: {
  value: Value['deviations'];
  previous: Value['deviations'];
}) {
  const { value, previous } = props;
  const title = 'Lifted guardrails';
  if (value.state === 'no-data') {
    return <Card title={title} number="no data" reading={value.why} />;
  }
  return (
    <Card
      title={title}
      number={String(value.n)}
      compared={
        previous.state === 'value'
          ? `${previous.n} at the end of the period before`
          : undefined
      }
      reading={`Deviations from the golden path that were in force at the end, of ${value.services} services. Why stands with each, on its service.`}
    >
      {value.guardrails.length > 0 && (
        <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
          {value.guardrails.map(one => (
            <li key={one.guardrail}>
              {one.guardrail}: {one.n}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Deflection({ value }: { value: Value['deflection'] }) {
  return (
    <Card
      title="Ticket deflection"
      number={
        value.state === 'value'
          ? `${round(value.before)} → ${round(value.after)}`
          : 'no data'
      }
      reading={
        value.state === 'value'
          ? `Tickets to the platform’s people for each service, in the ${value.windowDays} days before and after it was onboarded, of ${value.services} services.`
          : value.why
      }
    />
  );
}

function Card(props: {
  title: string;
  number: string;
  /** With the range before; left out where there is no value, or none that has such a range */
  compared?: string;
  reading: string;
  children?: ReactNode;
}) {
  const { title, number, compared: comparison, reading, children } = props;
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
      {comparison && (
        <Typography color="text.secondary" sx={{ fontSize: 13, mb: 0.5 }}>
          {comparison}
        </Typography>
      )}
      <Box sx={{ mb: 1 }}>{reading}</Box>
      {children}
    </Paper>
  );
}

function shareText(share: Share): string {
  if (share.state === 'no-data') return 'no data';
  return share.whole === 0
    ? 'none'
    : `${Math.round((share.part / share.whole) * 100)} %`;
}

function sharesCompared(now: Share, before: Share): string | undefined {
  return compared(shareOf(now), shareOf(before), {
    unit: 'share',
    better: 'more',
  });
}

function shareOf(share: Share): number | undefined {
  return share.state === 'value' && share.whole > 0
    ? share.part / share.whole
    : undefined;
}

function compared(
  now: number | undefined,
  before: number | undefined,
  about: { unit: Unit; better: 'more' | 'less' },
): string | undefined {
  if (now === undefined) return undefined;
  if (before === undefined) return 'Nothing before to compare with';
  const text = differenceText(now, before, about);
  return `${text.charAt(0).toLocaleUpperCase('en')}${text.slice(1)}`;
}

function round(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
