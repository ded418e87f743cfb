import { useApi } from '@backstage/core-plugin-api';
import { entityPresentationApiRef } from '@backstage/plugin-catalog-react';
import {
  ParsedTemplateSchema,
  ReviewState,
} from '@backstage/plugin-scaffolder-react/alpha';
import { createClientApiRef } from '@highroad/plugin-create';
import { ComponentProps } from 'react';
import useAsync from 'react-use/lib/useAsync';

/** What was answered, without what was left out, in the order of the questions and in words: titles in place of references and addresses. */
export function Review(props: ComponentProps<typeof ReviewState>) {
  const { schemas, formState } = props;
  const presentation = useApi(entityPresentationApiRef);
  const create = useApi(createClientApiRef);

  // Until names are known, and where they cannot be asked, the answers stand there as they were given.
  const { value: names = new Map<unknown, string>() } = useAsync(async () => {
    const refs = Object.values(formState).filter(isReference);
    const [hosts, ...titles] = await Promise.allSettled([
      create.gitHosts(),
      ...refs.map(ref => presentation.forEntity(ref).promise),
    ]);
    return new Map<unknown, string>([
      ...(hosts.status === 'fulfilled'
        ? hosts.value.items.map(({ host, title }) => [host, title] as const)
        : []),
      ...titles.flatMap((title, at) =>
        title.status === 'fulfilled'
          ? [[refs[at], title.value.primaryTitle] as const]
          : [],
      ),
    ]);
  }, [presentation, create, formState]);

  const answered = Object.keys(formState).filter(
    key => formState[key] !== '' && formState[key] !== undefined,
  );
  const shown = inOrder(schemas, answered).map(key => {
    const value = formState[key];
    return [key, names.get(value) ?? value] as const;
  });
  return (
    <ReviewState schemas={schemas} formState={Object.fromEntries(shown)} />
  );
}

/** @returns `keys` in the order in which the pages of the form ask; what no page names, last */
export function inOrder(
  schemas: Pick<ParsedTemplateSchema, 'mergedSchema'>[],
  keys: string[],
): string[] {
  const asked = schemas.flatMap(({ mergedSchema }) => {
    const { properties, 'ui:order': order } = mergedSchema;
    if (Array.isArray(order)) return order;
    return properties && typeof properties === 'object'
      ? Object.keys(properties)
      : [];
  });
  return [
    ...keys
      .filter(key => asked.includes(key))
      .sort((a, b) => asked.indexOf(a) - asked.indexOf(b)),
    ...keys.filter(key => !asked.includes(key)),
  ];
}

function isReference(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]+:[^/\s]+\/[^/\s]+$/.test(value);
}
