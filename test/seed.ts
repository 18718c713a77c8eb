import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run: what fails, failed because of a change. SEED=n tries others, and
 * a failure prints its seed.
 */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20_021) });
