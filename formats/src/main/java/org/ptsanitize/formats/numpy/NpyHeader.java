package org.ptsanitize.formats.numpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * What stands in front of the bytes of a {@code .npy} file ({@code numpy/lib/format.py}, versions 1 to 3).
 *
 * @param type the dtype: a code such as {@code <f4}, or for records a tuple of (name, code[, shape])
 * @param fortran whether the bytes are in column order
 * @param shape the shape
 * @param dataOffset where the bytes begin
 */
public record NpyHeader(PickleValue type, boolean fortran, Tuple shape, long dataOffset) {
    private static final int PREFIX = 8;
    private static final int LONGEST = 1 << 20;

    /** Whether these first bytes of a file are those of a numpy array. */
    public static boolean matches(ByteBuffer head) {
        return head.limit() >= PREFIX
                && (head.get(0) & 0xff) == 0x93
                && head.get(1) == 'N'
                && head.get(2) == 'U'
                && head.get(3) == 'M'
                && head.get(4) == 'P'
                && head.get(5) == 'Y';
    }

    /** Reads the header of a file that {@link #matches}. */
    public static NpyHeader read(ByteSource source) throws IOException {
        int major = source.read(6, 1).get();
        if (major < 1 || major > 3) {
            throw new UnsupportedFileException("numpy file version " + major + ", 1 to 3 are read", "byte 6");
        }
        int lengthBytes = major == 1 ? 2 : 4;
        ByteBuffer lengthField = source.read(PREFIX, lengthBytes);
        long length = major == 1 ? lengthField.getShort() & 0xffff : lengthField.getInt() & 0xffff_ffffL;
        if (length > LONGEST) {
            throw new MalformedFileException("a numpy header of " + length + " bytes", "byte " + PREFIX);
        }
        long start = (long) PREFIX + lengthBytes;
        Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        String text = charset.decode(source.read(start, (int) length)).toString();
        Map<String, PickleValue> entries = HeaderText.parse(text);
        PickleValue type = entries.get("descr");
        if (entries.size() == 3
                && (type instanceof Text || type instanceof Tuple)
                && entries.get("fortran_order") instanceof Bool fortran
                && entries.get("shape") instanceof Tuple shape) {
            return new NpyHeader(type, fortran.value(), shape, start + length);
        }
        throw new MalformedFileException("a numpy header without descr, fortran_order and shape", "byte " + start);
    }

    /** Whether a pickle of the array follows instead of its bytes. */
    public boolean objects() {
        return type instanceof Text code
                && code.value().replaceFirst("^[<>|=]", "").startsWith("O");
    }
}
