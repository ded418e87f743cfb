import {
  DependencyAnswer,
  DependencyQuery,
  MAX_DEPTH,
} from '@highroad/plugin-catalog-platform-common';
import Checkbox from '@mui/material/Checkbox';
import FormControl from '@mui/material/FormControl';
import InputLabel from '@mui/material/InputLabel';
import ListItemText from '@mui/material/ListItemText';
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import Stack from '@mui/material/Stack';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';

const DEPTHS = Array.from({ length: MAX_DEPTH }, (_, i) => i + 1);

function lifecycleText(lifecycle: string): string {
  return lifecycle === 'none' ? 'no lifecycle' : lifecycle;
}

/** Chooses the direction, how far to look, and which lifecycles to list. */
export function DependencyFilters(props: {
  filter: DependencyQuery;
  lifecycles: DependencyAnswer['lifecycles'];
  onChange: (part: Partial<DependencyQuery>) => void;
}) {
  const { filter, lifecycles, onChange } = props;
  // A chosen lifecycle stays in the list even where nothing has it any more.
  const known = lifecycles.map(({ lifecycle }) => lifecycle);
  const options = [
    ...lifecycles,
    ...filter.lifecycle
      .filter(value => !known.includes(value))
      .map(lifecycle => ({ lifecycle, count: 0 })),
  ];
  return (
    <Stack direction="row" spacing={2} flexWrap="wrap" useFlexGap>
      <ToggleButtonGroup
        exclusive
        size="small"
        color="primary"
        value={filter.direction}
        aria-label="Direction"
        onChange={(_, value: DependencyQuery['direction'] | null) => {
          if (value) {
            onChange({ direction: value });
          }
        }}
      >
        <ToggleButton value="dependents">What breaks with it</ToggleButton>
        <ToggleButton value="dependencies">What it needs</ToggleButton>
      </ToggleButtonGroup>
      <FormControl size="small" sx={{ minWidth: 120 }}>
        <InputLabel id="dependency-depth">Steps</InputLabel>
        <Select
          labelId="dependency-depth"
          label="Steps"
          value={filter.depth}
          onChange={event => onChange({ depth: Number(event.target.value) })}
        >
          {DEPTHS.map(depth => (
            <MenuItem key={depth} value={depth}>
              {depth === 1 ? 'direct only' : `up to ${depth}`}
            </MenuItem>
          ))}
        </Select>
      </FormControl>
      <FormControl size="small" sx={{ minWidth: 180 }}>
        <InputLabel id="dependency-lifecycle" shrink>
          Lifecycle
        </InputLabel>
        <Select
          multiple
          displayEmpty
          notched
          labelId="dependency-lifecycle"
          label="Lifecycle"
          value={filter.lifecycle}
          renderValue={chosen =>
            chosen.length > 0 ? chosen.map(lifecycleText).join(', ') : 'all'
          }
          onChange={event =>
            onChange({ lifecycle: [event.target.value].flat() })
          }
        >
          {options.map(({ lifecycle, count }) => (
            <MenuItem key={lifecycle} value={lifecycle} dense>
              <Checkbox
                size="small"
                checked={filter.lifecycle.includes(lifecycle)}
              />
              <ListItemText
                primary={`${lifecycleText(lifecycle)} (${count})`}
              />
            </MenuItem>
          ))}
        </Select>
      </FormControl>
    </Stack>
  );
}
