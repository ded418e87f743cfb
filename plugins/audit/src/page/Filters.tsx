import { outcomes } from '@highroad/plugin-audit-common';
import { doors } from '@highroad/plugin-platform-common';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useEffect, useId, useState } from 'react';
import { Choice, Range, ranges } from './useRecordFilter';
import { Suggestions } from './useSuggestions';

/** Typing is waited for this long before the list follows. */
const PAUSE_MS = 350;

/** Small enough for all of them to stand in one line on a laptop. */
const SMALL = {
  // Backstage puts a prefix before Material's class names.
  '& > label, & > div': { fontSize: 14 },
} as const;

const RANGES: Record<Range, string> = {
  all: 'Any time',
  hour: 'Last hour',
  day: 'Last day',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

/** What to look for. Each is kept in the page's address. */
export function Filters(props: {
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
  /** The service is given by the page that this stands on */
  ofOne: boolean;
  suggestions: Suggestions;
}) {
  const { choice, onChange, ofOne, suggestions } = props;
  const text = (
    name: 'service' | 'environment' | 'actor' | 'event' | 'correlation',
    label: string,
  ) => (
    <Text
      label={label}
      value={choice[name]}
      suggestions={name === 'correlation' ? undefined : suggestions[name]}
      onChange={value => onChange({ [name]: value })}
    />
  );
  const select = (
    name: 'door' | 'outcome' | 'range',
    label: string,
    options: ReadonlyArray<[string, string]>,
  ) => (
    <TextField
      select
      size="small"
      label={label}
      value={choice[name]}
      onChange={event => onChange({ [name]: event.target.value })}
      sx={{ ...SMALL, minWidth: 112 }}
      SelectProps={{ displayEmpty: true }}
      InputLabelProps={{ shrink: true }}
    >
      {options.map(([value, words]) => (
        <MenuItem key={value} value={value}>
          {words}
        </MenuItem>
      ))}
    </TextField>
  );
  return (
    <>
      {!ofOne && text('service', 'Service')}
      {text('environment', 'Environment')}
      {text('actor', 'Who')}
      {text('event', 'Did what')}
      {select('outcome', 'Outcome', [
        ['', 'Any'],
        ...[...outcomes, 'open'].map((one): [string, string] => [
          one,
          one === 'open' ? 'not ended' : one,
        ]),
      ])}
      {select('door', 'Door', [
        ['', 'Any'],
        ...doors.map((one): [string, string] => [one, one]),
      ])}
      {select(
        'range',
        'When',
        ranges.map((one): [string, string] => [one, RANGES[one]]),
      )}
      {choice.correlation && text('correlation', 'Belongs to')}
    </>
  );
}

function Text(props: {
  label: string;
  value: string;
  suggestions?: Suggestions[keyof Suggestions];
  onChange: (value: string) => void;
}) {
  const { label, value, suggestions, onChange } = props;
  const listId = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <>
      <TextField
        size="small"
        label={label}
        value={typed}
        onChange={event => setTyped(event.target.value)}
        inputProps={{ list: suggestions && listId, autoComplete: 'off' }}
        sx={{ ...SMALL, width: 132 }}
      />
      {suggestions && (
        <datalist id={listId}>
          {[...suggestions].map(([name, words]) => (
            <option key={name} value={name} label={words || undefined} />
          ))}
        </datalist>
      )}
    </>
  );
}
