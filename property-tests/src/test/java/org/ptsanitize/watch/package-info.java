/** What a process does to the world around it, seen by a Java agent: processes, files, sockets, classes. */
@NullMarked
package org.ptsanitize.watch;

import org.jspecify.annotations.NullMarked;
