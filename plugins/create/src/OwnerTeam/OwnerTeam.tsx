import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import Alert from '@mui/material/Alert';
import Autocomplete, { createFilterOptions } from '@mui/material/Autocomplete';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import TextField from '@mui/material/TextField';
import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../messageOf';
import { Team, useTeams } from './useTeams';

/** More are found by typing. */
const filterOptions = createFilterOptions<Team>({
  limit: 100,
  stringify: team => `${team.title} ${team.ref}`,
});

/**
 * Answers with a default. The teams may come while somebody types another answer: the form is not changed under their
 * hands, but when they have done.
 */
function useDefault(
  value: string | undefined,
  field: Pick<FieldExtensionComponentProps<string>, 'formData' | 'onChange'>,
): void {
  const now = useRef(field);
  now.current = field;
  useEffect(() => {
    let isAnswered = false;
    const answer = () => {
      // Whoever takes it out again has chosen so.
      if (!isAnswered && !now.current.formData) now.current.onChange(value);
      isAnswered = true;
    };
    if (value === undefined) return undefined;
    if (!document.activeElement?.matches('input, textarea')) {
      answer();
      return undefined;
    }
    const onEnter = ({ key }: KeyboardEvent) => key === 'Enter' && answer();
    window.addEventListener('focusout', answer);
    window.addEventListener('keydown', onEnter, true);
    return () => {
      window.removeEventListener('focusout', answer);
      window.removeEventListener('keydown', onEnter, true);
    };
  }, [value]);
}

/** Who operates it: one's own team, unless another is chosen. */
export function OwnerTeam(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange, schema, idSchema, required, rawErrors } = props;
  const { value: teams = [], error, loading, retry } = useTeams();
  const own = teams.filter(team => team.isOwn);
  const first = own[0]?.ref;
  const [isTouched, setTouched] = useState(false);
  useDefault(first, { formData, onChange });

  if (loading) {
    return (
      <Box role="status" aria-label="Listing the teams">
        <Skeleton variant="rounded" height={40} />
      </Box>
    );
  }
  if (error) {
    return (
      <Alert
        severity="error"
        action={
          <Button color="inherit" size="small" onClick={retry}>
            Try again
          </Button>
        }
      >
        The teams could not be listed: {messageOf(error)} What you have answered
        so far is kept.
      </Alert>
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
