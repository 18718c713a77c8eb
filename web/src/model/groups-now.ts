import { computed } from '@preact/signals';
import { picture } from '../store/cluster.js';
import { type GroupPicture, groupsOf } from './groups.js';

const services = computed(() => picture.value?.services);

let last: readonly GroupPicture[] = [];

/** The groups of the cluster as this node sees it now. */
export const groups = computed<readonly GroupPicture[]>(() => {
  last = groupsOf(services.value?.values() ?? [], last);
  return last;
});
