import {
  ManifestProblem,
  parseManifest,
} from '@highroad/plugin-environments-common';
import { useEffect, useState } from 'react';

/** A word is typed to its end before it is judged. */
const PAUSE_MS = 300;

/** What is wrong with a manifest, checked here as one types: the same check as everywhere, and it asks nobody. */
export function useProblems(manifest: string): ManifestProblem[] {
  const [problems, setProblems] = useState(() => check(manifest));
  useEffect(() => {
    const timer = setTimeout(() => setProblems(check(manifest)), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [manifest]);
  return problems;
}

function check(manifest: string): ManifestProblem[] {
  const parsed = parseManifest(manifest);
  return parsed.ok ? [] : parsed.problems;
}
