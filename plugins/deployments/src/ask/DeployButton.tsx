import Button from '@mui/material/Button';
import { useState } from 'react';
import { DeployDialog } from './DeployDialog';

/** Opens the question which version to bring where. */
export function DeployButton(props: {
  service?: string;
  environment?: string;
  version?: string;
  /** The page's primary action */
  primary?: boolean;
  label?: string;
}) {
  const { primary, label = 'Deploy', ...given } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size={primary ? 'medium' : 'small'}
        variant={primary ? 'contained' : 'outlined'}
        onClick={() => setOpen(true)}
      >
        {label}…
      </Button>
      {open && <DeployDialog {...given} onClose={() => setOpen(false)} />}
    </>
  );
}
