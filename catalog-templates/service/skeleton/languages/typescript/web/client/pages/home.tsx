import { useConfig } from '../config.ts';

export function HomePage() {
  const { title } = useConfig();
  return (
    <>
      <h1>{title}</h1>
      <p>It runs. This page is client/pages/home.tsx, and there to be replaced.</p>
    </>
  );
}
