/** The symbolic pickle machine: opcodes in, inert values out; and the writer of plain protocol-2 pickles. Start reading at {@link org.ptsanitize.formats.pickle.PickleMachine}. */
@NullMarked
package org.ptsanitize.formats.pickle;

import org.jspecify.annotations.NullMarked;
