import { useApi } from '@backstage/core-plugin-api';
import { Encoding } from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { secretsApiRef } from '../api';
import { Spot } from '../matrix/KeyMatrix';
import { SecretDialog } from './SecretDialog';

/** How long a value stays on the screen. */
const SHOWN_SECONDS = 30;
const SHORTEST_REASON = 3;

interface Shown {
  value: string;
  encoding: Encoding;
}

/** Asks why, shows the value, and hides it again by itself. */
export function RevealDialog(props: {
  service: string;
  at: Spot;
  onClose: () => void;
}) {
  const { service, at, onClose } = props;
  const { key, name: environment, production } = at;
  const api = useApi(secretsApiRef);
  const [reason, setReason] = useState('');
  const [shown, setShown] = useState<Shown>();
  const [left, setLeft] = useState(SHOWN_SECONDS);
  const isShown = shown !== undefined;
  useEffect(() => {
    if (!isShown) return undefined;
    const timer = setInterval(() => setLeft(seconds => seconds - 1), 1_000);
    return () => clearInterval(timer);
  }, [isShown]);
  useEffect(() => {
    if (left <= 0) onClose();
  }, [left, onClose]);
  if (isShown) {
    return (
      <SecretDialog title={`${key} in ${environment}`} onClose={onClose}>
        <Box
          component="pre"
          aria-label="Value"
          sx={{
            ...{ m: 0, p: 2, borderRadius: 1, bgcolor: 'action.hover' },
            ...{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
            ...{ maxHeight: 320, overflow: 'auto', fontSize: 14 },
          }}
        >
          {shown.value}
        </Box>
        {shown.encoding === 'base64' && (
          <Typography variant="body2">
            It is no text: this is its base64, and programs get what that stands
            for.
          </Typography>
        )}
        <Box sx={{ display: 'flex', gap: 2, alignItems: 'center' }}>
          <Button
            size="small"
            variant="outlined"
            onClick={() => window.navigator.clipboard.writeText(shown.value)}
          >
            Copy
          </Button>
          <span>Hidden again in {left} s</span>
        </Box>
      </SecretDialog>
    );
  }
  return (
    <SecretDialog
      title={`Reveal ${key} in ${environment}`}
      submit={{
        label: 'Reveal it',
        grave: production,
        obstacle:
          reason.trim().length < SHORTEST_REASON ? 'Say why.' : undefined,
      }}
      ask={async () => {
        const asked = { service, environment, key, reason };
        const { value, encoding } = production
          ? await api.revealProduction(asked)
          : await api.reveal(asked);
        setShown({ value, encoding });
      }}
      onClose={onClose}
    >
      <Alert severity={production ? 'warning' : 'info'}>
        You and your reason stand in the records before you see it.
      </Alert>
      <TextField
        label="Why do you need to see it?"
        value={reason}
        onChange={event => setReason(event.target.value)}
        inputProps={{ maxLength: 1000 }}
        multiline
        fullWidth
      />
    </SecretDialog>
  );
}
