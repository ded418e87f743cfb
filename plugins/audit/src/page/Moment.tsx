import TextField from '@mui/material/TextField';
import { SMALL } from './fields';
import { useTyped } from './useTyped';

const MINUTE_MS = 60_000;

/**
 * A time that is chosen in the zone of the one who looks, and known in UTC, so that an address means the same to everybody.
 *
 * @param props.value - ISO 8601 in UTC; empty where none is chosen
 */
export function Moment(props: {
  label: string;
  value: string;
  /** What is wrong with it, in words */
  wrong?: string;
  onChange: (value: string) => void;
}) {
  const { label, value, wrong, onChange } = props;
  const [typed, setTyped] = useTyped(localTime(value), local =>
    onChange(ofLocal(local)),
  );
  return (
    <TextField
      type="datetime-local"
      size="small"
      label={label}
      value={typed}
      onChange={event => setTyped(event.target.value)}
      error={wrong !== undefined}
      helperText={wrong}
      InputLabelProps={{ shrink: true }}
      inputProps={{
        title: `${label}, in your time zone`,
        max: '9999-12-31T23:59',
      }}
      sx={{
        ...SMALL,
        width: 212,
        // The browser draws its picker for light pages otherwise.
        '& input': { colorScheme: theme => theme.palette.mode },
      }}
    />
  );
}

/** As the field writes it, without a zone; empty for what is no time. */
export function localTime(utc: string): string {
  const at = Date.parse(utc);
  if (Number.isNaN(at)) return '';
  const offset = new Date(at).getTimezoneOffset() * MINUTE_MS;
  return new Date(at - offset).toISOString().slice(0, 16);
}

function ofLocal(local: string): string {
  const at = Date.parse(local);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}
