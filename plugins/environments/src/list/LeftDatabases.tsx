import { useApi } from '@backstage/core-plugin-api';
import { OrphanDatabases } from '@highroad/plugin-environments-common';
import Button from '@mui/material/Button';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import { useState } from 'react';
import { environmentsApiRef } from '../api';
import { AskDialog } from '../parts/AskDialog';
import { PlainTable } from '../parts/PlainTable';

const COLUMNS = ['Databases and roles', 'Uid of the environment', 'What to do'];

/** Databases of environments of which nothing else is left. Nothing where there are none. */
export function LeftDatabases(props: {
  databases: OrphanDatabases[];
  /** Whether the reader may remove them */
  allowed: boolean;
  onRemoved: () => void;
}) {
  const { databases, allowed, onRemoved } = props;
  const api = useApi(environmentsApiRef);
  const [asked, ask] = useState<OrphanDatabases>();
  if (databases.length === 0) return null;
  return (
    <>
      <PlainTable label="Databases left over" columns={COLUMNS}>
        {databases.map(one => (
          <TableRow key={`${one.driver} ${one.environmentUid}`} hover>
            <TableCell component="th" scope="row">
              {one.names.join(', ')}
            </TableCell>
            <TableCell>{one.environmentUid}</TableCell>
            <TableCell>
              <WhatToDo
                databases={one}
                allowed={allowed}
                onRemove={() => ask(one)}
              />
            </TableCell>
          </TableRow>
        ))}
      </PlainTable>
      {asked && (
        <AskDialog
          title={`Remove ${asked.names.join(', ')}`}
          submit="Remove the databases"
          grave
          unaffected="What is left is still listed here, and can be removed again."
          effect="Drops these databases with all that is in them, and the roles that are called the same. It cannot be undone."
          ask={() =>
            api.removeOrphanDatabases({ environmentUid: asked.environmentUid })
          }
          onDone={() => {
            ask(undefined);
            onRemoved();
          }}
          onClose={() => ask(undefined)}
        />
      )}
    </>
  );
}

function WhatToDo(props: {
  databases: OrphanDatabases;
  allowed: boolean;
  onRemove: () => void;
}) {
  const { databases, allowed, onRemove } = props;
  if (!databases.ours) {
    return (
      <>
        They do not say of which cluster they are, and another platform may use
        them. Look at who does, then drop them by psql.
      </>
    );
  }
  if (!allowed) return <>The platform team can remove them.</>;
  return (
    <Button
      size="small"
      color="error"
      aria-label={`Remove ${databases.names.join(', ')}`}
      onClick={onRemove}
    >
      Remove
    </Button>
  );
}
