/**
 * The whole program on whole files: every specimen and every hostile file of the corpus, and the launcher as a process.
 * Start reading at {@link org.ptsanitize.endtoend.Expectation}, which says what a row of a manifest demands of an output.
 */
package org.ptsanitize.endtoend;
