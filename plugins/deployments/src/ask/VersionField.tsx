import { deploymentOperations } from '@highroad/plugin-deployments-common';
import Autocomplete from '@mui/material/Autocomplete';
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';

const schema = deploymentOperations.deploy.input.shape.version;

/** Why this cannot be a version; nothing if it can. */
export function versionProblem(version: string): string | undefined {
  const parsed = schema.safeParse(version);
  if (parsed.success) return undefined;
  return `${parsed.error.issues[0].message.replace(/^a /, 'A ')}.`;
}

/** Which version: what was there lately is offered, and any other tag can be typed. */
export function VersionField(props: {
  value: string;
  /** What is known of each version that is offered */
  offers: Map<string, string>;
  onChange: (value: string) => void;
}) {
  const { value, offers, onChange } = props;
  const problem = value ? versionProblem(value) : undefined;
  return (
    <Autocomplete
      freeSolo
      options={[...offers.keys()]}
      inputValue={value}
      onInputChange={(_, text) => onChange(text.trim())}
      // It chooses the version; what that comes to is to be seen before anything is sent.
      onKeyDown={event => event.key === 'Enter' && event.preventDefault()}
      renderOption={(attributes, version) => (
        <Box component="li" {...attributes} key={version}>
          <Box>
            <Box sx={{ fontSize: 14, overflowWrap: 'anywhere' }}>{version}</Box>
            <Box sx={{ fontSize: 13, color: 'text.secondary' }}>
              {offers.get(version)}
            </Box>
          </Box>
        </Box>
      )}
      renderInput={params => (
        <TextField
          {...params}
          label="Version"
          error={Boolean(problem)}
          helperText={
            problem ??
            offers.get(value) ??
            'The tag of its image, such as 1.4.2'
          }
        />
      )}
    />
  );
}
