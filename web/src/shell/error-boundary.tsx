import { Component, type ComponentChildren } from 'preact';
import { wordsOf } from '../api/client.js';
import { Trouble } from '../parts/trouble.js';

/** A page that fails takes only itself down. */
export class ErrorBoundary extends Component<{ readonly children: ComponentChildren }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Trouble
        title="This page failed"
        what={`A mistake in the page itself, not in the cluster: ${wordsOf(this.state.error)}`}
        todo={[
          'Load the page anew. If it fails again, the browser’s console says where; please report that.',
          'srrctl on the node shows the same data: srrctl status, srrctl events.',
        ]}
        action={
          <button type="button" onClick={() => this.setState({ error: null })}>
            Show it again
          </button>
        }
      />
    );
  }
}
