import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { nameOf } from '@highroad/plugin-metrics-common';
import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useEffect, useState } from 'react';
import useAsync from 'react-use/esm/useAsync';

const OFFERED = 30;
const PAUSE_MS = 250;
const KINDS: Record<string, string> = {
  group: 'Groups',
  system: 'Systems',
  component: 'Services',
};

/** All, or a group, system or service, found as one types. */
export function SliceField(props: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { value, onChange } = props;
  const catalog = useApi(catalogApiRef);
  const [typed, setTyped] = useState('');
  const [term, setTerm] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setTerm(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useAsync(async () => {
    const { items } = await catalog.queryEntities({
      filter: { kind: Object.keys(KINDS) },
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
      limit: OFFERED,
      orderFields: [
        { field: 'kind', order: 'desc' },
        { field: 'metadata.name', order: 'asc' },
      ],
      ...(term && { fullTextFilter: { term, fields: ['metadata.name'] } }),
    });
    const order = Object.keys(KINDS);
    return items
      .map(entity => stringifyEntityRef(entity))
      .sort((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));
  }, [catalog, term]);
  return (
    <Autocomplete
      size="small"
      sx={{ width: 280 }}
      options={offered(found.value ?? [], value)}
      loading={found.loading}
      value={value ?? null}
      onChange={(_, ref) => onChange(ref ?? undefined)}
      onInputChange={(_, text) => setTyped(text)}
      getOptionLabel={nameOf}
      groupBy={ref => KINDS[kindOf(ref)] ?? ''}
      // The catalog has looked already.
      filterOptions={all => all}
      renderInput={params => (
        <TextField
          {...params}
          label="Team, system or service"
          placeholder="Everything"
          InputLabelProps={{ shrink: true }}
          error={Boolean(found.error)}
          helperText={
            found.error && `The catalog does not answer: ${found.error.message}`
          }
        />
      )}
    />
  );
}

function kindOf(ref: string): string {
  return ref.split(':')[0];
}

/** What is chosen is offered, whatever is looked for. */
function offered(found: string[], value: string | undefined): string[] {
  return value && !found.includes(value) ? [value, ...found] : found;
}
