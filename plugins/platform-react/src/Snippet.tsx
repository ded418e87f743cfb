import { CopyTextButton } from '@backstage/core-components';
import Box from '@mui/material/Box';

/**
 * Text to be copied as it stands, such as a command or a manifest. It has one colour: those that Backstage tells words
 * apart by are too faint in the dark.
 *
 * @param props.label - what is copied, for those who hear it; "Copy" if left out
 */
export function Snippet(props: { text: string; label?: string }) {
  const { text, label = 'Copy' } = props;
  return (
    <Box
      sx={{
        ...{
          display: 'flex',
          alignItems: 'flex-start',
          gap: 1,
          p: 0.5,
          pl: 1.5,
        },
        ...{ border: 1, borderColor: 'divider', borderRadius: 1 },
        bgcolor: 'background.paper',
      }}
    >
      <Box
        component="pre"
        sx={{
          ...{ flex: 1, m: 0, py: 0.75, fontSize: 13, lineHeight: 1.5 },
          ...{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
        }}
      >
        <code>{text}</code>
      </Box>
      <CopyTextButton
        text={text}
        tooltipText="Copied"
        aria-label={label}
        variant="tertiary"
      />
    </Box>
  );
}
