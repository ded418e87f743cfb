import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import Autocomplete, { createFilterOptions } from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { Listing } from '../Listing';
import { useDefault } from '../useDefault';
import { Team, useTeams } from './useTeams';

/** More are found by typing. */
const filterOptions = createFilterOptions<Team>({
  limit: 100,
  stringify: team => `${team.title} ${team.ref}`,
});

/** Who operates it: one's own team, unless another is chosen. */
export function OwnerTeam(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange, schema, idSchema, required, rawErrors } = props;
  const { value: teams = [], error, loading, retry } = useTeams();
  const own = teams.filter(team => team.isOwn);
  const first = own[0]?.ref;
  const [isTouched, setTouched] = useState(false);
  useDefault(first, { formData, onChange });

  if (loading || error) {
    return (
      <Listing
        what="teams"
        error={loading ? undefined : error}
        onRetry={retry}
      />
    );
  }
  const hasError = Boolean(rawErrors?.length);
  const chosen = formData ?? (isTouched ? undefined : first);
  return (
    <Autocomplete
      id={idSchema?.$id}
      options={teams}
      value={teams.find(team => team.ref === chosen) ?? null}
      onChange={(_, team) => {
        setTouched(true);
        onChange(team?.ref);
      }}
      getOptionLabel={team => team.title}
      isOptionEqualToValue={(a, b) => a.ref === b.ref}
      getOptionKey={team => team.ref}
      groupBy={
        own.length > 0
          ? team => (team.isOwn ? 'Your teams' : 'Other teams')
          : undefined
      }
      filterOptions={filterOptions}
      noOptionsText="There is no team of this name in the catalog."
      renderInput={params => (
        <TextField
          {...params}
          label={schema.title}
          required={required}
          error={hasError}
          helperText={schema.description}
          FormHelperTextProps={{ sx: { mx: 0 } }}
          margin="normal"
        />
      )}
    />
  );
}
