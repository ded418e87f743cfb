import Alert from '@mui/material/Alert';
import { Board } from './readBoard';

/** That it is not known how pods are, so that nobody takes silence for health. */
export function Unwatched(props: { environments: Board['unwatched'] }) {
  const { environments } = props;
  const problems = [...new Set(environments.map(({ problem }) => problem))];
  return (
    <>
      {problems.map(problem => (
        <Alert key={problem} severity="warning" sx={{ mb: 2 }}>
          How many pods are ready in{' '}
          {environments
            .filter(one => one.problem === problem)
            .map(({ environment }) => environment)
            .join(', ')}{' '}
          is known as of before, if at all. {problem}
        </Alert>
      ))}
    </>
  );
}
