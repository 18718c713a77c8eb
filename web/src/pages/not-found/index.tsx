import { Trouble } from '../../parts/trouble.js';
import { place } from '../../routing/router.js';

export function NotFound() {
  return (
    <Trouble
      title="No such page"
      what={`There is nothing at ${place.value.path} on this node.`}
      todo={[
        <>
          Begin at the <a href="/">overview</a>, or choose a page from the navigation.
        </>,
        'If another node’s menu led you here, the two nodes may run different versions of SRRD.',
      ]}
    />
  );
}
