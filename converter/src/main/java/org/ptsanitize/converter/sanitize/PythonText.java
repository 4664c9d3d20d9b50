package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** Decides whether a Python 2 string is text. */
final class PythonText {
    private static final int TEXT_LIMIT = 1 << 26;

    private PythonText() {}

    /** A Python 2 string as text if it is UTF-8, which is how PyTorch reads it, else as bytes; other bytes unchanged. */
    static PickleValue decide(Bytes bytes) throws IOException {
        if (bytes.kind() != BytesKind.STRING) {
            return bytes;
        }
        if (bytes.length() <= TEXT_LIMIT) {
            try {
                return new Text(StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .decode(bytes.range().read())
                        .toString());
            } catch (CharacterCodingException e) {
                return new Bytes(BytesKind.BYTES, bytes.range());
            }
        }
        return new Bytes(BytesKind.BYTES, bytes.range());
    }

    /** The text of a value that is meant as text. */
    static Optional<String> of(PickleValue value) throws IOException {
        if (value instanceof Text text) {
            return Optional.of(text.value());
        }
        if (value instanceof Bytes bytes && decide(bytes) instanceof Text text) {
            return Optional.of(text.value());
        }
        return Optional.empty();
    }

    /** Bytes as a string of characters up to U+00FF. */
    static String latin1(Bytes bytes) throws IOException {
        return StandardCharsets.ISO_8859_1.decode(bytes.range().read()).toString();
    }
}
