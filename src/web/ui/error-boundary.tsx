import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  /** @param reset renders the children again */
  renderFallback: (reset: () => void) => ReactNode;
  children: ReactNode;
}

/** Shows the fallback when a component below throws or its chunk cannot be loaded. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed
      ? this.props.renderFallback(() => this.setState({ failed: false }))
      : this.props.children;
  }
}
