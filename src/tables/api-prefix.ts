/** The beginning of every path. In a file of its own: srrctl takes it from here without loading what a server needs. */
export const API_PREFIX = '/api/v1';
