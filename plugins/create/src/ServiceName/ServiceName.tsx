import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import CheckIcon from '@mui/icons-material/CheckCircleOutline';
import ErrorIcon from '@mui/icons-material/ErrorOutline';
import CircularProgress from '@mui/material/CircularProgress';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import { NameState, useNameCheck } from './useNameCheck';

/** Takes a service's name and says while it is typed whether it can be used. */
export function ServiceName(props: FieldExtensionComponentProps<string>) {
  const { formData = '', onChange, schema, required, idSchema } = props;
  const { gitHost, gitOwner, owner } = props.formContext?.formData ?? {};
  const state = useNameCheck(formData, { gitHost, gitOwner, owner });
  const [rawError] = props.rawErrors ?? [];
  const hint = describe(state, formData) ?? rawError ?? schema.description;

  return (
    <TextField
      id={idSchema?.$id}
      label={schema.title}
      required={required}
      value={formData}
      onChange={event => onChange(event.target.value || undefined)}
      error={state.kind === 'refused' || Boolean(rawError && !formData)}
      FormHelperTextProps={{ sx: { mx: 0 } }}
      helperText={<span aria-live="polite">{hint}</span>}
      fullWidth
      margin="normal"
      autoComplete="off"
      inputProps={{ spellCheck: false, autoCapitalize: 'none' }}
      InputProps={{
        endAdornment: (
          <InputAdornment position="end">
            <StateIcon state={state} />
          </InputAdornment>
        ),
      }}
    />
  );
}

function describe(state: NameState, name: string): string | undefined {
  switch (state.kind) {
    case 'checking':
      return `Looking whether ${name} is free…`;
    case 'available':
      return `${name} is free.`;
    case 'refused':
      return state.problem;
    case 'unknown':
      return `Could not check whether ${name} is free; it is checked again when you create it.`;
    default:
      return undefined;
  }
}

function StateIcon({ state }: { state: NameState }) {
  switch (state.kind) {
    case 'checking':
      return <CircularProgress size={18} aria-label="Checking" />;
    case 'available':
      return <CheckIcon color="success" titleAccess="Free" />;
    case 'refused':
      return <ErrorIcon color="error" titleAccess="Not possible" />;
    default:
      return null;
  }
}
