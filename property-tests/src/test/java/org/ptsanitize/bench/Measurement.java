package org.ptsanitize.bench;

/**
 * One run of a process.
 *
 * @param seconds wall time, start included
 * @param peakBytes the most memory it held resident; 0 where that is not known
 */
record Measurement(double seconds, long peakBytes) {}
