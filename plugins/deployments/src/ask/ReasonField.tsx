import TextField from '@mui/material/TextField';

/** Why, for the record. Nobody has to say. */
export function ReasonField(props: {
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <TextField
      label="Reason (optional)"
      helperText="Kept with the deployment and in the audit records"
      value={props.value}
      onChange={event => props.onChange(event.target.value)}
      inputProps={{ maxLength: 1000 }}
      fullWidth
    />
  );
}
