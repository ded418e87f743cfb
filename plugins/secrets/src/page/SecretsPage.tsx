import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { PageFrame } from '@highroad/plugin-platform-react';
import Autocomplete from '@mui/material/Autocomplete';
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import useAsync from 'react-use/esm/useAsync';
import { ServiceSecrets } from '../matrix/ServiceSecrets';
import { serviceName } from '../words';
import { StoreNotice } from './StoreNotice';

const OFFERED = 20;
const PAUSE_MS = 250;

/** Secrets of a service, which the address names. */
export function SecretsPage() {
  const [search, setSearch] = useSearchParams();
  const service = search.get('service') ?? undefined;
  return (
    <PageFrame
      title="Secrets"
      purpose="Which keys a service has where, who set them, and whether its programs have them. Values stay in Vault."
    >
      <StoreNotice />
      <Box sx={{ maxWidth: 420, mb: 3 }}>
        <ServicePicker
          value={service}
          onChange={ref =>
            setSearch(ref ? { service: ref } : {}, { replace: true })
          }
        />
      </Box>
      {service ? (
        <ServiceSecrets key={service} service={service} />
      ) : (
        <Typography color="text.secondary">
          Choose a service to see its keys. In a terminal: platform secrets list
          my-service
        </Typography>
      )}
    </PageFrame>
  );
}

/** Which service, found in the catalog as one types. */
function ServicePicker(props: {
  value: string | undefined;
  onChange: (ref: string | undefined) => void;
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
      getOptionLabel={serviceName}
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
