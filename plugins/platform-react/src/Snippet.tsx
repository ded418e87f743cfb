import { CodeSnippet } from '@backstage/core-components';

/** Text to be copied as it stands. It has one colour: those that Backstage tells words apart by are too faint in the dark. */
export function Snippet({ text }: { text: string }) {
  return <CodeSnippet text={text} language="text" showCopyCodeButton />;
}
