import { useConfig } from '../config.ts';

export function AboutPage() {
  const { apiUrl } = useConfig();
  return (
    <>
      <h1>About</h1>
      <p>
        {apiUrl ? `The data comes from ${apiUrl}.` : 'No API is set: PUBLIC_API_URL names one.'}
      </p>
    </>
  );
}
