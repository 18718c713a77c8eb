import { useLayoutEffect, useRef } from 'preact/hooks';

/** Holds the place of rows that are not built. */
export function SpacerRow({ height, columns }: { readonly height: number; readonly columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    if (cell.current !== null) cell.current.style.height = `${height}px`;
  }, [height]);
  return height === 0 ? null : (
    <tr class="spacer-row">
      <td ref={cell} colSpan={columns} />
    </tr>
  );
}

/** The same in a list. */
export function SpacerItem({ height }: { readonly height: number }) {
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (item.current !== null) item.current.style.height = `${height}px`;
  }, [height]);
  return height === 0 ? null : <li ref={item} class="spacer-item" />;
}
