/** How much an event should worry people, from the least. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
