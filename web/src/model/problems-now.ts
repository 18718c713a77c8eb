import { computed } from '@preact/signals';
import { picture } from '../store/cluster.js';
import { groups } from './groups-now.js';
import { findProblems, type Problem } from './problems.js';

/** What is wrong in the cluster as this node sees it now. */
export const problems = computed<readonly Problem[]>(() =>
  picture.value === null ? [] : findProblems(picture.value, groups.value),
);
