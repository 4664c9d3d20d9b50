/**
 * The proof that one checkpoint holds another's tensors. It shares the reading and the naming with the converter, and
 * nothing that writes. Start reading at {@link org.ptsanitize.converter.verify.Verifier}.
 */
@NullMarked
package org.ptsanitize.converter.verify;

import org.jspecify.annotations.NullMarked;
