import { outcomes, utcTime } from '@highroad/plugin-audit-common';
import { doors } from '@highroad/plugin-platform-common';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useId } from 'react';
import { Choice, Range, ranges, Wrong } from './useRecordFilter';
import { Moment } from './Moment';
import { SMALL } from './fields';
import { Suggestions } from './useSuggestions';
import { useTyped } from './useTyped';

const RANGES: Record<Range, string> = {
  all: 'Any time',
  hour: 'Last hour',
  day: 'Last day',
  week: 'Last 7 days',
  month: 'Last 30 days',
  between: 'From … until …',
};

const NOT_AFTER = 'Not after “From”: nothing fits';

/** What to look for. Each is kept in the page's address. */
export function Filters(props: {
  choice: Choice;
  wrong: Wrong;
  onChange: (part: Partial<Choice>) => void;
  /** The service is given by the page that this stands on */
  ofOne: boolean;
  suggestions: Suggestions;
}) {
  const { choice, wrong, onChange, ofOne, suggestions } = props;
  const text = (
    name: keyof Suggestions | 'correlation' | 'key',
    label: string,
  ) => (
    <Text
      label={label}
      value={choice[name]}
      wrong={wrong[name]}
      suggestions={
        name === 'correlation' || name === 'key' ? undefined : suggestions[name]
      }
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
      error={wrong[name] !== undefined}
      helperText={wrong[name]}
      onChange={event =>
        onChange({
          [name]: event.target.value,
          // Of one range no times are left for another.
          ...(name === 'range' && { from: '', until: '' }),
        })
      }
      sx={{ ...SMALL, minWidth: 112 }}
      SelectProps={{ displayEmpty: true }}
      InputLabelProps={{ shrink: true }}
    >
      {withGiven(options, choice[name]).map(([value, words]) => (
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
      {(ofOne || choice.service || choice.key) && text('key', 'Secret')}
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
      {choice.range === 'between' && (
        <Between choice={choice} wrong={wrong} onChange={onChange} />
      )}
      {choice.correlation && text('correlation', 'Belongs to')}
    </>
  );
}

/** What an address says is shown, also where it is none of those that can be chosen. */
function withGiven(
  options: ReadonlyArray<[string, string]>,
  given: string,
): ReadonlyArray<[string, string]> {
  return options.some(([value]) => value === given)
    ? options
    : [...options, [given, given]];
}

function Between(props: {
  choice: Choice;
  wrong: Wrong;
  onChange: (part: Partial<Choice>) => void;
}) {
  const { choice, wrong, onChange } = props;
  const from = utcTime(choice.from) ?? '';
  const until = utcTime(choice.until) ?? '';
  const turned = Boolean(
    from && until && Date.parse(from) >= Date.parse(until),
  );
  // Whoever empties both still means to give times.
  const change = (part: Partial<Choice>) =>
    onChange({ range: 'between', ...part });
  return (
    <>
      <Moment
        label="From"
        value={from}
        onChange={at => change({ from: at })}
        wrong={wrong.from}
      />
      <Moment
        label="Until"
        value={until}
        onChange={at => change({ until: at })}
        wrong={wrong.until ?? (turned ? NOT_AFTER : undefined)}
      />
    </>
  );
}

function Text(props: {
  label: string;
  value: string;
  /** What is wrong with it, in words */
  wrong: string | undefined;
  suggestions?: Suggestions[keyof Suggestions];
  onChange: (value: string) => void;
}) {
  const { label, value, wrong, suggestions, onChange } = props;
  const listId = useId();
  const [typed, setTyped] = useTyped(value, text => onChange(text.trim()));
  return (
    <>
      <TextField
        size="small"
        label={label}
        value={typed}
        onChange={event => setTyped(event.target.value)}
        error={wrong !== undefined}
        helperText={wrong}
        inputProps={{
          ...{ list: suggestions && listId, autoComplete: 'off' },
          title: typed || undefined,
        }}
        sx={{ ...SMALL, width: 128 }}
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
