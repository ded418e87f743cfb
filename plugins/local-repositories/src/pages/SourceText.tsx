/// <reference types="react-syntax-highlighter" />
import { CopyTextButton } from '@backstage/core-components';
import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import LightAsync from 'react-syntax-highlighter/dist/cjs/light-async';
import dark from 'react-syntax-highlighter/dist/cjs/styles/hljs/a11y-dark';
import light from 'react-syntax-highlighter/dist/cjs/styles/hljs/a11y-light';
import { languageOf } from './languageOf';

/**
 * The text of a file with its lines numbered. Core's CodeSnippet would do, but for its colours, of which several are
 * too faint to read in both themes.
 */
export function SourceText(props: { path: string; text: string }) {
  const { path, text } = props;
  const { palette } = useTheme();
  return (
    <Box sx={{ position: 'relative', fontSize: 13 }}>
      <LightAsync
        language={languageOf(path)}
        style={palette.mode === 'dark' ? dark : light}
        customStyle={{
          background: 'transparent',
          color: palette.text.primary,
          margin: 0,
          padding: 16,
        }}
        lineNumberStyle={{ color: palette.text.secondary, userSelect: 'none' }}
        // Long lines are scrolled to, which has to work without a mouse.
        tabIndex={0}
        role="group"
        aria-label={`Text of ${path}`}
        showLineNumbers
      >
        {text}
      </LightAsync>
      <Box sx={{ position: 'absolute', top: 8, right: 8 }}>
        <CopyTextButton
          text={text}
          tooltipText="Copied"
          aria-label={`Copy ${path}`}
          variant="tertiary"
        />
      </Box>
    </Box>
  );
}
