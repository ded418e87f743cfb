import { renderInTestApp } from '@backstage/frontend-test-utils';
import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { ComponentType, useState } from 'react';
import { createClientApiRef } from '../api';

type CreateApi = typeof createClientApiRef.T;

/** An API of which each test says what it answers; anything else fails the test. */
export function apiWith(answers: Partial<CreateApi>): CreateApi {
  const unexpected = (name: string) => async () => {
    throw new Error(`This test did not expect ${name} to be called`);
  };
  return {
    gitHosts: unexpected('gitHosts'),
    checkName: unexpected('checkName'),
    preview: unexpected('preview'),
    ...answers,
  };
}

/** Shows one field as the form would, which keeps its answer, and says what the form knows of it. */
export function showField<T>(
  Field: ComponentType<FieldExtensionComponentProps<T>>,
  options: {
    api?: Partial<CreateApi>;
    /** Further APIs that it uses */
    apis?: NonNullable<Parameters<typeof renderInTestApp>[1]>['apis'];
    schema?: { title?: string; description?: string };
    /** The other answers of the form */
    answers?: Record<string, unknown>;
    value?: T;
    rawErrors?: string[];
    path?: string;
  },
) {
  const chosen = jest.fn<void, [T | undefined]>();
  function Form() {
    const [formData, setFormData] = useState(options.value);
    const [answers, setAnswers] = useState(options.answers ?? {});
    // The form hands over far more than a field may use; these are all that ours do.
    const props = {
      idSchema: { $id: 'root_field' },
      formData,
      onChange: (value: T | undefined) => {
        chosen(value);
        setFormData(value);
      },
      schema: options.schema ?? {},
      required: true,
      rawErrors: options.rawErrors,
      formContext: { formData: answers },
    };
    return (
      <>
        <Field {...(props as unknown as FieldExtensionComponentProps<T>)} />
        <button onClick={() => setAnswers({ ...answers, database: 'none' })}>
          Answer another question
        </button>
      </>
    );
  }
  renderInTestApp(<Form />, {
    apis: [
      [createClientApiRef, apiWith(options.api ?? {})],
      ...(options.apis ?? []),
    ],
    initialRouteEntries: [options.path ?? '/'],
  });
  return { chosen };
}
