import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useEffect, useState } from 'react';
import useAsync from 'react-use/esm/useAsync';

const OFFERED = 20;
const PAUSE_MS = 250;

/** Which service, found in the catalog as one types. */
export function ServiceField(props: {
  /** Reference */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  /** What a reference is shown as */
  nameOf: (ref: string) => string;
}) {
  const { value, onChange, nameOf } = props;
  const catalog = useApi(catalogApiRef);
  const [typed, setTyped] = useState('');
  const [term, setTerm] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setTerm(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useAsync(async () => {
    const { items } = await catalog.queryEntities({
      filter: { kind: 'component' },
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
      limit: OFFERED,
      orderFields: [{ field: 'metadata.name', order: 'asc' }],
      ...(term && { fullTextFilter: { term, fields: ['metadata.name'] } }),
    });
    return items.map(entity => stringifyEntityRef(entity));
  }, [catalog, term]);
  return (
    <Autocomplete
      options={found.value ?? []}
      loading={found.loading}
      value={value ?? null}
      onChange={(_, ref) => onChange(ref ?? undefined)}
      onInputChange={(_, text) => setTyped(text)}
      getOptionLabel={nameOf}
      // The catalog has looked already.
      filterOptions={all => all}
      renderInput={params => (
        <TextField
          {...params}
          label="Service"
          error={Boolean(found.error)}
          helperText={
            found.error && `The catalog does not answer: ${found.error.message}`
          }
        />
      )}
    />
  );
}
