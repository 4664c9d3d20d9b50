/**
 * The benchmark: it makes its inputs, runs the real launcher beside {@code cp} and Python, and writes a table and plots.
 * Start reading at {@link org.ptsanitize.bench.Benchmark}. The inner pieces are measured by themselves by
 * {@link org.ptsanitize.bench.Pieces}. No test runs any of it, and none asserts a time.
 */
@NullMarked
package org.ptsanitize.bench;

import org.jspecify.annotations.NullMarked;
