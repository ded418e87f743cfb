import { phases } from '@highroad/plugin-environments-common';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import { useEffect, useState } from 'react';
import { phaseText } from '../words/phases';
import { Choice } from './useFilter';

/** Typing is waited for this long before the list follows. */
const PAUSE_MS = 200;

/** What to look for. Each is kept in the page's address. */
export function Filters(props: {
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
}) {
  const { choice, onChange } = props;
  return (
    <Stack
      direction="row"
      spacing={2}
      useFlexGap
      flexWrap="wrap"
      alignItems="center"
      sx={{ mb: 2 }}
    >
      <Text value={choice.text} onChange={text => onChange({ text })} />
      <TextField
        select
        size="small"
        label="State"
        value={choice.phase}
        onChange={event =>
          onChange({
            phase: phases.find(one => one === event.target.value) ?? '',
          })
        }
        sx={{ minWidth: 160 }}
        SelectProps={{ displayEmpty: true }}
        InputLabelProps={{ shrink: true }}
      >
        <MenuItem value="">Any</MenuItem>
        {phases.map(phase => (
          <MenuItem key={phase} value={phase}>
            {phaseText(phase)}
          </MenuItem>
        ))}
      </TextField>
      <FormControlLabel
        control={
          <Switch
            size="small"
            checked={choice.mine}
            onChange={event => onChange({ mine: event.target.checked })}
          />
        }
        label="Only mine and my teams’"
        slotProps={{ typography: { fontSize: 14 } }}
      />
    </Stack>
  );
}

function Text(props: { value: string; onChange: (value: string) => void }) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <TextField
      size="small"
      type="search"
      label="Name, service or pull request"
      value={typed}
      onChange={event => setTyped(event.target.value)}
      sx={{ width: 260 }}
    />
  );
}
