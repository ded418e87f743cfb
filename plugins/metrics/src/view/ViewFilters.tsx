import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { addDays, daySchema } from '@highroad/plugin-metrics-common';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useEffect, useState } from 'react';
import { SliceField } from './SliceField';
import { spans, View } from './useView';

const SPAN_WORDS: Record<number, string> = {
  30: 'Last 30 days',
  90: 'Last 90 days',
  180: 'Last half year',
  365: 'Last year',
};
const OWN = 'own';
const EARLIEST = '1990-01-01';

/** What numbers are of, and of which time. */
export function ViewFilters(props: {
  view: View;
  change: (part: Partial<View>) => void;
  /** The slice is given by where the page is */
  fixed?: boolean;
  /** What is shown is of production only */
  production?: boolean;
}) {
  const { view, change, fixed, production } = props;
  const own = Boolean(view.from || view.to);
  const environments = useEnvironments(view.environment);
  return (
    <Stack
      direction="row"
      spacing={2}
      useFlexGap
      flexWrap="wrap"
      sx={{ mb: 3 }}
    >
      {!fixed && (
        <SliceField
          value={view.slice}
          onChange={slice => change({ slice, details: undefined })}
        />
      )}
      <TextField
        select
        size="small"
        label="Time"
        value={own ? OWN : view.span}
        onChange={({ target: { value } }) =>
          change(
            value === OWN
              ? { ...rangeOf(view), details: undefined }
              : {
                  ...{ from: undefined, to: undefined, details: undefined },
                  span: Number(value),
                },
          )
        }
        sx={{ minWidth: 160 }}
      >
        {spans.map(span => (
          <MenuItem key={span} value={span}>
            {SPAN_WORDS[span]}
          </MenuItem>
        ))}
        <MenuItem value={OWN}>From a day to another</MenuItem>
      </TextField>
      {own && (
        <>
          <DayField
            label="From"
            value={view.from}
            onChange={from => change({ from, details: undefined })}
          />
          <DayField
            label="To"
            value={view.to}
            onChange={to => change({ to, details: undefined })}
          />
        </>
      )}
      {!production && environments.length > 0 && (
        <TextField
          select
          size="small"
          label="Environment"
          value={view.environment ?? ''}
          onChange={event =>
            change({
              environment: event.target.value || undefined,
              details: undefined,
            })
          }
          InputLabelProps={{ shrink: true }}
          SelectProps={{ displayEmpty: true }}
          sx={{ minWidth: 160 }}
        >
          <MenuItem value="">All of production</MenuItem>
          {environments.map(name => (
            <MenuItem key={name} value={name}>
              {name}
            </MenuItem>
          ))}
        </TextField>
      )}
      <TextField
        select
        size="small"
        label="By"
        value={view.bucket}
        onChange={event => {
          const { value } = event.target;
          change({
            bucket: value === 'day' || value === 'month' ? value : 'week',
          });
        }}
        sx={{ minWidth: 110 }}
      >
        <MenuItem value="day">Day</MenuItem>
        <MenuItem value="week">Week</MenuItem>
        <MenuItem value="month">Month</MenuItem>
      </TextField>
    </Stack>
  );
}

/** The range that is shown, to be changed. */
function rangeOf({ from, to, span }: View): { from: string; to: string } {
  const last = to ?? new Date().toISOString().slice(0, 10);
  return { from: from ?? addDays(last, 1 - span), to: last };
}

/** A day, taken over when it is whole. */
function DayField(props: {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}) {
  const { label, value, onChange } = props;
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  return (
    <TextField
      type="date"
      size="small"
      label={label}
      value={typed}
      onChange={({ target }) => {
        setTyped(target.value);
        // While a year is typed, it is one of long ago.
        const isWhole =
          target.value >= EARLIEST && daySchema.safeParse(target.value).success;
        if (isWhole || target.value === '') onChange(target.value || undefined);
      }}
      InputLabelProps={{ shrink: true }}
    />
  );
}

/** Those that the configuration names, and the one that is asked for. */
function useEnvironments(asked: string | undefined): string[] {
  const named =
    useApi(configApiRef)
      .getOptionalConfigArray('platform.environments')
      ?.map(one => one.getString('name')) ?? [];
  return asked && !named.includes(asked) ? [...named, asked] : named;
}
