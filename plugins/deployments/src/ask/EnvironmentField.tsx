import { StandingEnvironment } from '@highroad/plugin-deployments-common';
import { isProductionUnsaid } from '@highroad/plugin-platform-react';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';

/** Where to. */
export function EnvironmentField(props: {
  value: string;
  environments: StandingEnvironment[];
  onChange: (value: string) => void;
}) {
  const { value, environments, onChange } = props;
  return (
    <TextField
      select
      label="Environment"
      value={value}
      onChange={event => onChange(event.target.value)}
      fullWidth
    >
      {environments.map(({ name, production, approval }) => (
        <MenuItem key={name} value={name}>
          {[
            name,
            isProductionUnsaid({ name, production }) && 'production',
            approval && 'needs approval',
          ]
            .filter(Boolean)
            .join(', ')}
        </MenuItem>
      ))}
    </TextField>
  );
}
