import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { Failure } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useId, useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { metricsApiRef } from '../api';
import { keptSurvey } from './keptSurvey';
import { PAGES } from '../runbooks';

const SCORES = Array.from({ length: 11 }, (_, score) => score);

/**
 * The question of the quarter, for whoever is asked now. It stays in this browser until it is answered or put away; nobody else
 * has the ballot.
 */
export function SurveyPrompt() {
  const api = useApi(metricsApiRef);
  const identity = useApi(identityApiRef);
  const question = useId();
  const [closed, setClosed] = useState<'answered' | 'dismissed'>();
  const [score, setScore] = useState<number>();
  const [text, setText] = useState('');
  // Where it cannot be asked, nothing is lost: the page is for something else.
  const { value: kept } = useAsync(async () => {
    const { userEntityRef } = await identity.getBackstageIdentity();
    const mine = keptSurvey(userEntityRef);
    const before = mine.get();
    if (before) return { mine, survey: before };
    const { survey } = await api.askSurvey({});
    if (survey) mine.put(survey);
    return { mine, survey };
  }, [api, identity]);
  const [{ loading, error }, answer] = useAsyncFn(async () => {
    if (!kept?.survey || score === undefined) return;
    await api.answerSurvey({
      ...{ ballot: kept.survey.ballot, score },
      ...(text.trim() && { text: text.trim() }),
    });
    kept.mine.drop();
    setClosed('answered');
  }, [api, kept, score, text]);
  if (closed === 'answered') {
    return (
      <Paper variant="outlined" role="status" sx={{ p: 2, mb: 2 }}>
        Thank you. Results are shown once the quarter is over.
      </Paper>
    );
  }
  if (!kept?.survey || closed) return null;
  return (
    <Paper
      component="section"
      variant="outlined"
      aria-labelledby={question}
      sx={{ p: 2, mb: 2, maxWidth: 720 }}
    >
      <Box id={question} sx={{ fontWeight: 600, mb: 1 }}>
        {kept.survey.question}
      </Box>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={score}
        aria-labelledby={question}
        onChange={(_, chosen: number | null) => setScore(chosen ?? undefined)}
      >
        {SCORES.map(one => (
          <ToggleButton key={one} value={one} sx={{ px: 1.5 }}>
            {one}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Box sx={{ fontSize: 13, color: 'text.secondary', my: 1 }}>
        0 is not at all, 10 is for sure. Your answer is kept without your name,
        address or the time: only the quarter and your group, and groups of
        fewer than five answers are never shown.
      </Box>
      {score !== undefined && (
        <TextField
          multiline
          fullWidth
          label="What should be better? (if you like)"
          value={text}
          onChange={event => setText(event.target.value)}
          inputProps={{ maxLength: 2000 }}
          sx={{ mb: 1 }}
        />
      )}
      {error && (
        <Failure
          what="Your answer was not taken"
          error={error}
          runbook={PAGES.survey}
        />
      )}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button
          variant="contained"
          size="small"
          onClick={answer}
          disabled={loading || score === undefined}
          title={score === undefined ? 'Choose a number.' : undefined}
        >
          Send
        </Button>
        <Button
          size="small"
          onClick={() => {
            kept.mine.drop();
            setClosed('dismissed');
          }}
        >
          Not now
        </Button>
      </Box>
    </Paper>
  );
}
