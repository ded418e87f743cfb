import { useApi } from '@backstage/core-plugin-api';
import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import Alert from '@mui/material/Alert';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { createClientApiRef } from '../api';
import { Listing } from '../Listing';
import { useDefault } from '../useDefault';

/** Where the repository goes: the hosts that are connected, and why the others are not. */
export function GitHost(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange, schema, idSchema, required } = props;
  const client = useApi(createClientApiRef);
  const { value, error, loading, retry } = useAsyncRetry(
    () => client.gitHosts(),
    [client],
  );

  useDefault(value?.default || undefined, { formData, onChange });

  if (loading || error) {
    return (
      <Listing
        what="Git hosts"
        error={loading ? undefined : error}
        onRetry={retry}
      />
    );
  }
  if (!value?.items.length) {
    return (
      <Alert severity="warning">
        No Git host is connected, so there is nowhere to put a repository. Add
        one under &quot;integrations&quot; in app-config.yaml.
      </Alert>
    );
  }

  const chosen = value.items.find(
    item => item.host === (formData || value.default),
  );
  return (
    <TextField
      id={idSchema?.$id}
      select
      required={required}
      label={schema.title}
      value={chosen ? chosen.host : ''}
      onChange={event => onChange(event.target.value)}
      FormHelperTextProps={{ sx: { mx: 0 } }}
      helperText={
        chosen?.kind === 'local'
          ? 'A bare repository in .highroad/repositories. Connect GitHub or Gitea to share it.'
          : schema.description
      }
      fullWidth
      margin="normal"
    >
      {value.items.map(item => (
        <MenuItem
          key={item.host}
          value={item.host}
          disabled={Boolean(item.problem)}
          sx={{ whiteSpace: 'normal' }}
        >
          {item.problem ? `${item.title}: ${item.problem}` : item.title}
        </MenuItem>
      ))}
    </TextField>
  );
}
