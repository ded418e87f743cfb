import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { shortVersion } from '@highroad/plugin-deployments';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { useMemo } from 'react';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { catalogPath } from './needs';
import { Section } from './Section';
import { Running, useRunning } from './useRunning';

const MOST = 8;

/** What the reader's teams own. */
export function YourServices() {
  const identity = useApi(identityApiRef);
  const catalog = useApi(catalogApiRef);
  const { value, error, loading, retry } = useAsyncRetry(async () => {
    const { ownershipEntityRefs } = await identity.getBackstageIdentity();
    return catalog.queryEntities({
      filter: {
        kind: 'component',
        'relations.ownedBy': ownershipEntityRefs,
      },
      fields: ['kind', 'metadata', 'spec.lifecycle', 'spec.type'],
      orderFields: { field: 'metadata.name', order: 'asc' },
      limit: MOST,
    });
  }, [identity, catalog]);
  const refs = useMemo(
    () => value?.items.map(entity => stringifyEntityRef(entity)),
    [value],
  );
  const running = useRunning(refs);

  return (
    <Section title="Your services">
      {loading && <Waiting label="Listing your services" rows={4} />}
      {error && !loading && (
        <Failure
          what="Your services could not be listed"
          error={error}
          unaffected="They run as before."
          onRetry={retry}
        />
      )}
      {value?.items.length === 0 && (
        <Typography variant="body2" sx={{ px: 2, pb: 2 }}>
          None yet: your teams own nothing in the catalog.{' '}
          <Link to="/create/templates/default/service">Create a service</Link>,
          or add a catalog-info.yaml to a repository you have.
        </Typography>
      )}
      {value && value.items.length > 0 && (
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>Name</TableCell>
              <TableCell>Type</TableCell>
              <TableCell>Lifecycle</TableCell>
              <TableCell>Runs</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {value.items.map(entity => (
              <TableRow key={stringifyEntityRef(entity)} hover>
                <TableCell component="th" scope="row">
                  <Link to={catalogPath(stringifyEntityRef(entity))}>
                    {entity.metadata.title ?? entity.metadata.name}
                  </Link>
                </TableCell>
                <TableCell>{specText(entity, 'type')}</TableCell>
                <TableCell>{specText(entity, 'lifecycle')}</TableCell>
                <TableCell>
                  {running.error
                    ? 'could not be asked'
                    : running.value &&
                      !running.loading && (
                        <Places
                          places={running.value.get(stringifyEntityRef(entity))}
                        />
                      )}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {value && value.totalItems > MOST && (
        <Box sx={{ p: 2 }}>
          <Link to="/catalog?filters[user]=owned">All {value.totalItems}</Link>
        </Box>
      )}
    </Section>
  );
}

/** `staging 1.4.2, production 1.4.1` */
function Places({ places }: { places: Running[] | undefined }) {
  if (!places) return <>nowhere yet</>;
  return (
    <>
      {places.map(({ environment, version, id }, at) => (
        <span key={environment}>
          {at > 0 && ', '}
          {environment}{' '}
          <Link to={`/deployments/${id}`} title={version}>
            {shortVersion(version)}
          </Link>
        </span>
      ))}
    </>
  );
}

function specText(entity: Entity, field: string): string {
  const value = entity.spec?.[field];
  return typeof value === 'string' ? value : '';
}
