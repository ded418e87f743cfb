import { CodeSnippet } from '@backstage/core-components';
import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import { Section } from '../parts/Section';

/** The resource as it is kept. */
export function Manifest({ environment }: { environment: EnvironmentDetail }) {
  return (
    <Section title="Manifest">
      <CodeSnippet
        text={environment.manifest}
        language="yaml"
        showCopyCodeButton
      />
    </Section>
  );
}
