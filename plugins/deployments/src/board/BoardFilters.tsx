import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import { useEffect, useState } from 'react';
import { serviceName } from '../words/short';
import { Choice, MINE } from './useBoardFilter';
import { Owners } from './useOwners';

/** Typing is waited for this long before the matrix follows. */
const PAUSE_MS = 200;

/** What to look for. Each is kept in the page's address. */
export function BoardFilters(props: {
  choice: Choice;
  /** Not known yet, or not at all */
  known?: Owners;
  /** Why owners are not known */
  problem?: Error;
  onChange: (part: Partial<Choice>) => void;
}) {
  const { choice, known, problem, onChange } = props;
  const owners = [...new Set(known?.owners.values() ?? [])].sort();
  const offered =
    choice.owner && choice.owner !== MINE && !owners.includes(choice.owner)
      ? [choice.owner, ...owners]
      : owners;
  return (
    <Stack
      direction="row"
      spacing={2}
      useFlexGap
      flexWrap="wrap"
      sx={{ mb: 2 }}
    >
      <Text value={choice.text} onChange={text => onChange({ text })} />
      <TextField
        select
        size="small"
        label="Owner"
        value={choice.owner}
        onChange={event => onChange({ owner: event.target.value })}
        sx={{ minWidth: 160 }}
        SelectProps={{ displayEmpty: true }}
        InputLabelProps={{ shrink: true }}
        disabled={Boolean(problem)}
        helperText={problem && 'The catalog does not say who owns what'}
      >
        <MenuItem value="">Anyone</MenuItem>
        <MenuItem value={MINE}>Me and my teams</MenuItem>
        {offered.map(owner => (
          <MenuItem key={owner} value={owner}>
            {serviceName(owner)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        size="small"
        label="System"
        value={choice.system}
        onChange={event => onChange({ system: event.target.value })}
        sx={{ minWidth: 160 }}
        SelectProps={{ displayEmpty: true }}
        InputLabelProps={{ shrink: true }}
        disabled={Boolean(problem)}
      >
        <MenuItem value="">Any</MenuItem>
        {systemsOffered(choice.system, known).map(system => (
          <MenuItem key={system} value={system}>
            {serviceName(system)}
          </MenuItem>
        ))}
      </TextField>
      <FormControlLabel
        control={
          <Switch
            size="small"
            checked={choice.problems}
            onChange={event => onChange({ problems: event.target.checked })}
          />
        }
        label="Only where something is going on or wrong"
        slotProps={{ typography: { fontSize: 14 } }}
      />
    </Stack>
  );
}

/** What is asked for stays offered where nothing is of it. */
function systemsOffered(asked: string, known: Owners | undefined): string[] {
  const all = new Set(known?.systems.values() ?? []);
  if (asked) all.add(asked);
  return [...all].sort();
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
      label="Service, version or preview"
      value={typed}
      onChange={event => setTyped(event.target.value)}
      sx={{ width: 240 }}
    />
  );
}
