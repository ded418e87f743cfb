import GoodIcon from '@mui/icons-material/CheckCircleOutlined';
import BadIcon from '@mui/icons-material/ErrorOutlineOutlined';
import BusyIcon from '@mui/icons-material/HourglassEmptyOutlined';
import IdleIcon from '@mui/icons-material/RemoveCircleOutlineOutlined';

export type StateKind = 'good' | 'bad' | 'busy' | 'idle';

/** A picture beside the word, which says the same: nothing is said by colour alone. */
export function StateIcon({ kind }: { kind: StateKind }) {
  switch (kind) {
    case 'good':
      return <GoodIcon color="success" fontSize="small" aria-hidden />;
    case 'bad':
      return <BadIcon color="error" fontSize="small" aria-hidden />;
    case 'busy':
      return <BusyIcon color="action" fontSize="small" aria-hidden />;
    default:
      return <IdleIcon color="action" fontSize="small" aria-hidden />;
  }
}
