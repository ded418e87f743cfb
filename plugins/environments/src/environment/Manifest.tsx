import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import { Snippet } from '@highroad/plugin-platform-react';
import { Section } from '../parts/Section';

/** The resource as it is kept. */
export function Manifest({ environment }: { environment: EnvironmentDetail }) {
  return (
    <Section title="Manifest">
      <Snippet text={environment.manifest} />
    </Section>
  );
}
