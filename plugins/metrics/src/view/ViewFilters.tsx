import { configApiRef, useApi } from '@backstage/core-plugin-api';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { SliceField } from './SliceField';
import { spans, View } from './useView';

const SPAN_WORDS: Record<number, string> = {
  30: 'Last 30 days',
  90: 'Last 90 days',
  180: 'Last half year',
  365: 'Last year',
};
const OWN = 'own';

/** What numbers are of, and of which time. */
export function ViewFilters(props: {
  view: View;
  change: (part: Partial<View>) => void;
  /** The slice is given by where the page is */
  fixed?: boolean;
  /** Nothing else makes a difference to what is shown */
  onlyTime?: boolean;
}) {
  const { view, change, onlyTime } = props;
  const fixed = props.fixed || onlyTime;
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
        onChange={event =>
          change({
            ...{ from: undefined, to: undefined, details: undefined },
            span: Number(event.target.value),
          })
        }
        sx={{ minWidth: 160 }}
      >
        {own && (
          <MenuItem value={OWN}>
            {view.from ?? '…'} to {view.to ?? 'today'}
          </MenuItem>
        )}
        {spans.map(span => (
          <MenuItem key={span} value={span}>
            {SPAN_WORDS[span]}
          </MenuItem>
        ))}
      </TextField>
      {!onlyTime && environments.length > 0 && (
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
      {!onlyTime && (
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
      )}
    </Stack>
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
