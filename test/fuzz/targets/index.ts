import type { Target } from '../target.js';
import { answer } from './answers.js';
import { body, proof } from './bodies.js';
import { lsa, message } from './messages.js';

export const TARGETS: readonly Target[] = [body, proof, message, lsa, answer];
