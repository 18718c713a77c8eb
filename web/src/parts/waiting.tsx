/** Stands where data will be. */
export function Waiting({ what }: { readonly what: string }) {
  return (
    <p class="waiting" role="status">
      {what} …
    </p>
  );
}
