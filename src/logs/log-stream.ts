/** Which part of a worker's output is meant. */
export type LogStream = 'stdout' | 'stderr' | 'both';
