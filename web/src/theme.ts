import { applyTheme, savedTheme } from './shell/theme.js';

// A script of its own, small and first: the page must not flash in the other colours before the rest is loaded.
applyTheme(savedTheme());
