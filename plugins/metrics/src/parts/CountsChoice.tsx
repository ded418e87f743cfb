import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';

/** What of a list is shown: all, only what counts, or only what does not. */
export function CountsChoice(props: {
  counts: boolean | undefined;
  /** What those that count, and those that do not, are called */
  words: [counted: string, others: string];
  onCounts: (counts: boolean | undefined) => void;
}) {
  const { counts, words, onCounts } = props;
  const choices = [
    ['all', 'All', undefined],
    ['yes', words[0], true],
    ['no', words[1], false],
  ] as const;
  return (
    <ToggleButtonGroup
      size="small"
      exclusive
      value={choices.find(one => one[2] === counts)?.[0]}
      aria-label="Which are shown"
      onChange={(_, name: string | null) => {
        const choice = choices.find(one => one[0] === name);
        if (choice) onCounts(choice[2]);
      }}
      sx={{ mb: 1 }}
    >
      {choices.map(([name, text]) => (
        <ToggleButton key={name} value={name}>
          {text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
