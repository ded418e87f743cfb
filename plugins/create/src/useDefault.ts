import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useEffect, useRef } from 'react';

/**
 * Answers with a default that is known only after a while. That may be while somebody types another answer: the form is
 * not changed under their hands, but when they have done.
 */
export function useDefault(
  value: string | undefined,
  field: Pick<FieldExtensionComponentProps<string>, 'formData' | 'onChange'>,
): void {
  const now = useRef(field);
  now.current = field;
  useEffect(() => {
    let isAnswered = false;
    const answer = () => {
      // Whoever takes it out again has chosen so.
      if (!isAnswered && !now.current.formData) now.current.onChange(value);
      isAnswered = true;
    };
    if (value === undefined) return undefined;
    if (!document.activeElement?.matches('input, textarea')) {
      answer();
      return undefined;
    }
    const onEnter = ({ key }: KeyboardEvent) => key === 'Enter' && answer();
    window.addEventListener('focusout', answer);
    window.addEventListener('keydown', onEnter, true);
    return () => {
      window.removeEventListener('focusout', answer);
      window.removeEventListener('keydown', onEnter, true);
    };
  }, [value]);
}
