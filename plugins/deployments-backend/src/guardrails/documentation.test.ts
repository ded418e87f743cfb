import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GUARDRAILS } from './checkGuardrails';

// The documentation is a file of this checkout.
// eslint-disable-next-line no-restricted-syntax
const PAGE = resolve(
  __dirname,
  '../../../../docs/reference/deployment-checks.md',
);

it('lists every guardrail, in the order in which they are shown', () => {
  const [, section] = readFileSync(PAGE, 'utf8').split('## Guardrails');
  const listed = [...section.matchAll(/^\| `([\w-]+)` \|/gm)];
  expect(listed.map(([, id]) => id)).toEqual(GUARDRAILS.map(({ id }) => id));
});
