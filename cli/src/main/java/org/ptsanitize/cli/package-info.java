/** The command line: options, exit codes and what a person reads. Start reading at {@link org.ptsanitize.cli.Main}. */
@NullMarked
package org.ptsanitize.cli;

import org.jspecify.annotations.NullMarked;
