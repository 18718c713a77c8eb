import type { ComponentChildren } from 'preact';

export interface TroubleProps {
  readonly title: string;
  /** What was expected and what was got. */
  readonly what: string;
  /** What somebody can do about it, the likeliest first. */
  readonly todo: readonly ComponentChildren[];
  readonly action?: ComponentChildren;
}

/** An error that takes the place of what was wanted, and helps. */
export function Trouble({ title, what, todo, action }: TroubleProps) {
  return (
    <section class="trouble" aria-labelledby="trouble-title">
      <h1 id="trouble-title">{title}</h1>
      <p>{what}</p>
      {todo.length > 0 && <h2>What you can do</h2>}
      <ul>
        {todo.map((item, index) => (
          <li key={index}>{item}</li>
        ))}
      </ul>
      {action !== undefined && <p>{action}</p>}
    </section>
  );
}
