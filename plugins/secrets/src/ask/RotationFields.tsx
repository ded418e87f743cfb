import { RANDOM } from '@highroad/plugin-secrets-common';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { ALPHABETS, RotationForm, WrongRule } from './rotationForm';

/** When a value is replaced by itself, and by what. */
export function RotationFields(props: {
  form: RotationForm;
  wrong: WrongRule;
  onChange: (part: Partial<RotationForm>) => void;
}) {
  const { form, wrong, onChange } = props;
  const text = (
    name: 'days' | 'cron' | 'timeZone' | 'from' | 'to' | 'length' | 'overlap',
    label: string,
    more: { type?: string; help?: string } = {},
  ) => (
    <TextField
      label={label}
      type={more.type}
      value={form[name]}
      onChange={event => onChange({ [name]: event.target.value })}
      error={wrong[name] !== undefined}
      helperText={wrong[name] ?? more.help}
      autoComplete="off"
      InputLabelProps={{ shrink: true }}
      fullWidth
    />
  );
  const isRandom = form.generator === RANDOM;
  return (
    <>
      <Stack direction="row" spacing={2}>
        <TextField
          select
          label="How often"
          value={form.how}
          onChange={event =>
            onChange({ how: event.target.value === 'cron' ? 'cron' : 'days' })
          }
          fullWidth
        >
          <MenuItem value="days">every so many days</MenuItem>
          <MenuItem value="cron">at times of a schedule (cron)</MenuItem>
        </TextField>
        {form.how === 'days'
          ? text('days', 'Days', { type: 'number' })
          : text('cron', 'Schedule', {
              help: 'Minute, hour, day of month, month, day of week; 0 3 * * 0 is each Sunday at 3',
            })}
      </Stack>
      {form.how === 'days' && (
        <FormControlLabel
          control={
            <Checkbox
              checked={form.windowed}
              onChange={event => onChange({ windowed: event.target.checked })}
            />
          }
          label="Only at some time of day"
        />
      )}
      <Stack direction="row" spacing={2}>
        {form.how === 'days' && form.windowed && (
          <>
            {text('from', 'From', { type: 'time' })}
            {text('to', 'To', { type: 'time' })}
          </>
        )}
        {text('timeZone', 'Time zone', { help: 'By whose clock' })}
      </Stack>
      <TextField
        select
        label="What makes the new value"
        value={form.generator}
        onChange={event =>
          onChange({
            generator: event.target.value,
            // What one was told is nothing to another.
            ...(event.target.value !== form.generator && { settings: '' }),
          })
        }
        error={wrong.generator !== undefined}
        helperText={wrong.generator}
      >
        {[...new Set([RANDOM, 'postgres', form.generator])].map(one => (
          <MenuItem key={one} value={one}>
            {generatorText(one)}
          </MenuItem>
        ))}
      </TextField>
      {isRandom ? (
        <Stack direction="row" spacing={2}>
          {text('length', 'Length', { type: 'number' })}
          <TextField
            select
            label="Made of"
            value={form.alphabet}
            onChange={event => {
              const chosen = ALPHABETS.find(
                ([name]) => name === event.target.value,
              );
              if (chosen) onChange({ alphabet: chosen[0] });
            }}
            error={wrong.alphabet !== undefined}
            helperText={wrong.alphabet}
            fullWidth
          >
            {ALPHABETS.map(([name, words]) => (
              <MenuItem key={name} value={name}>
                {words}
              </MenuItem>
            ))}
          </TextField>
        </Stack>
      ) : (
        <>
          <TextField
            label="What it needs to know"
            value={form.settings}
            onChange={event => onChange({ settings: event.target.value })}
            error={wrong.settings !== undefined}
            helperText={
              wrong.settings ??
              (form.generator === 'postgres'
                ? 'Such as server=main; empty where there is one server'
                : 'name=value, one a line')
            }
            InputLabelProps={{ shrink: true }}
            multiline
          />
          {text('overlap', 'Overlap in hours', {
            type: 'number',
            help: 'How long the value before goes on working, where both can',
          })}
        </>
      )}
    </>
  );
}

/** What a generator makes, as it goes on from "by". */
export function generatorText(name: string): string {
  const known: Record<string, string> = {
    [RANDOM]: 'a random value that nobody sees',
    postgres: 'a second role of PostgreSQL, while the first goes on working',
  };
  return known[name] ?? name;
}
