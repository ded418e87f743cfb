import { errorApiRef, useApi } from '@backstage/core-plugin-api';
import { RecordFilter } from '@highroad/plugin-audit-common';
import Button from '@mui/material/Button';
import ListItemText from '@mui/material/ListItemText';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { auditApiRef } from '../api';

/** Takes what the filter shows away in a file; nothing where no filter is understood. */
export function ExportMenu({ filter }: { filter: RecordFilter | undefined }) {
  const api = useApi(auditApiRef);
  const errors = useApi(errorApiRef);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [busy, setBusy] = useState(false);

  const take = async (format: 'jsonl' | 'csv') => {
    setAnchor(null);
    if (!filter) return;
    setBusy(true);
    try {
      save(await api.file(format, filter), `audit.${format}`);
    } catch (error) {
      errors.post(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Button
        variant="outlined"
        size="small"
        disabled={busy || !filter}
        aria-haspopup="menu"
        onClick={event => setAnchor(event.currentTarget)}
      >
        {busy ? 'Exporting' : 'Export'}
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
      >
        <MenuItem onClick={() => take('jsonl')}>
          <ListItemText
            primary="JSON lines, with the chain"
            secondary="Verifies alone: platform audit verify --file audit.jsonl"
          />
        </MenuItem>
        <MenuItem onClick={() => take('csv')}>
          <ListItemText primary="CSV" secondary="For a spreadsheet" />
        </MenuItem>
      </Menu>
    </>
  );
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
