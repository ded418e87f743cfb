import { Component, type ErrorInfo, type ReactNode } from 'react';
import { ErrorMessage } from './error-message.tsx';

interface Props {
  children: ReactNode;
}

/** Shows what went wrong in place of a blank page, where no route's own boundary could. */
export class ErrorBoundary extends Component<Props, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    reportError(new Error(`rendering failed${info.componentStack ?? ''}`, { cause: error }));
  }

  override render() {
    return 'error' in this.state ? <ErrorMessage /> : this.props.children;
  }
}
