import type { ComponentChildren } from 'preact';

export interface BannerProps {
  readonly tone: 'bad' | 'warn' | 'info';
  readonly title: string;
  readonly action?: ComponentChildren;
  readonly children?: ComponentChildren;
}

export function Banner({ tone, title, action, children }: BannerProps) {
  return (
    <div class={`banner banner-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div>
        <strong>{title}.</strong> {children}
      </div>
      {action}
    </div>
  );
}
