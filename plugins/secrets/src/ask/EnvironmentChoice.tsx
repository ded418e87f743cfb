import { isProductionUnsaid } from '@highroad/plugin-platform-react';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { Environment } from '../matrix/useSecrets';

/** Every environment that is not production. */
export const ALL = '';

/** Where something is set: in one environment, or in all that are not production. */
export function EnvironmentChoice(props: {
  environments: Environment[];
  value: string;
  onChange: (value: string) => void;
}) {
  const { environments, value, onChange } = props;
  const others = environments.filter(one => !one.production);
  return (
    <TextField
      select
      label="Environment"
      value={value}
      onChange={event => onChange(event.target.value)}
      InputLabelProps={{ shrink: true }}
      SelectProps={{ displayEmpty: true }}
      helperText={
        value === ALL
          ? 'Production is only set where it is chosen here'
          : undefined
      }
      fullWidth
    >
      <MenuItem value={ALL}>
        All but production ({others.map(({ name }) => name).join(', ')})
      </MenuItem>
      {environments.map(one => (
        <MenuItem key={one.name} value={one.name}>
          {one.name}
          {isProductionUnsaid(one) ? ' (production)' : ''}
        </MenuItem>
      ))}
    </TextField>
  );
}
