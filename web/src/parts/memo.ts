import { Component, type ComponentType, h } from 'preact';

/** The component, drawn anew only when one of its properties is another one, or a signal that it reads changes. */
export function memo<Props extends object>(Content: ComponentType<Props>): ComponentType<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const keys = Object.keys(next) as (keyof Props)[];
      const before: Readonly<Partial<Props>> = this.props;
      return keys.some((key) => next[key] !== before[key]);
    }

    override render() {
      return h(Content, this.props as Props & { readonly children?: never });
    }
  };
}
