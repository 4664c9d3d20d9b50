package org.ptsanitize.formats.tar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * The members of a tar archive (POSIX ustar and pax, GNU), found by walking its 512-byte headers. What two readers could
 * understand differently is refused: a name that comes twice, two names or sizes for one member, bytes of
 * a folder or a link, a wrong checksum, sparse files, anything but zeros behind the end.
 *
 * <p>The headers are parsed here, not by commons-compress: of all they say, only name, type and size matter, and a library
 * that also understands owners, times and sparse maps has had errors in each of them. Of a pax header, {@code path} and
 * {@code size} are obeyed; Python writes one for every file because its times have fractions, so the others are skipped
 * unread.
 */
public final class TarDirectory {
    /** What the base-256 form of a number begins with. */
    private static final int BINARY = 0x80;

    private static final int NEGATIVE = 0xff;

    /** Offset and length of the numbers in a header that say nothing of its data. */
    private static final int[][] NUMBERS = {{100, 8}, {108, 8}, {116, 8}, {136, 12}, {329, 8}, {337, 8}};

    private static final int BLOCK = 512;
    private static final int MAGIC = 257;
    private static final int LARGEST_EXTENSION = 1 << 16;
    private static final int HEAP_PER_MEMBER = 300;

    private final ByteSource source;
    private final Budget budget;
    private final Map<String, TarMember> members = new LinkedHashMap<>();
    private Optional<String> nextName = Optional.empty();
    private Optional<Long> nextSize = Optional.empty();

    private TarDirectory(ByteSource source, Budget budget) {
        this.source = source;
        this.budget = budget;
    }

    /** Whether these first bytes of a file are a tar header. */
    public static boolean isTar(ByteBuffer head) {
        return head.limit() >= BLOCK
                && ascii(head, MAGIC, 5).equals("ustar")
                && checksum(head) == octal(head, 148, 8).orElse(-1L);
    }

    /** Whether these first bytes are a tar header of the form before POSIX, which has no signature. */
    public static boolean isOldTar(ByteBuffer head) {
        return head.limit() >= BLOCK
                && head.get(0) != 0
                && head.get(MAGIC) == 0
                && octal(head, 148, 8).filter(sum -> sum == checksum(head)).isPresent();
    }

    /** Reads all headers. */
    public static TarDirectory read(ByteSource source, Budget budget) throws IOException {
        TarDirectory directory = new TarDirectory(source, budget);
        directory.readAll();
        return directory;
    }

    /** All members in the order of the file. */
    public List<TarMember> members() {
        return new ArrayList<>(members.values());
    }

    /** The member of exactly this name. */
    public Optional<TarMember> find(String name) {
        return Optional.ofNullable(members.get(name));
    }

    private void readAll() throws IOException {
        long at = 0;
        while (at < source.size()) {
            ByteBuffer header = source.read(at, BLOCK);
            if (isZero(header)) {
                checkRest(at + BLOCK);
                break;
            }
            budget.spend(Limit.ENTRIES, 1, "byte " + at);
            at = member(header, at);
        }
        if (nextName.isPresent() || nextSize.isPresent()) {
            throw malformed("a tar extension header without its member", at);
        }
    }

    private void checkRest(long from) throws IOException {
        for (long at = from; at < source.size(); at += 1 << 16) {
            if (!isZero(source.read(at, (int) Math.min(1 << 16, source.size() - at)))) {
                throw malformed("bytes behind the end of the tar archive", at);
            }
        }
    }

    /** One header and what follows it. Returns the offset of the next header. */
    private long member(ByteBuffer header, long at) throws IOException {
        if (!ascii(header, MAGIC, 5).equals("ustar")
                || checksum(header) != octal(header, 148, 8).orElse(-1L)
                || !hasNumbers(header)) {
            throw malformed("a damaged tar header", at);
        }
        char type = (char) (header.get(156) & 0xff);
        long stated = octal(header, 124, 12).orElse(-1L);
        boolean extension = "xgLK".indexOf(type) >= 0;
        boolean regular = "0\0007".indexOf(type) >= 0;
        long size = extension || stated < 0 ? stated : nextSize.orElse(stated);
        long data = at + BLOCK;
        long length = extension || regular ? size : 0;
        if (size < 0 || length > source.size() - data) {
            throw malformed("a tar member that is said to have " + size + " bytes", at);
        }
        switch (type) {
            case 'x', 'g' -> extended(extension(data, length), type == 'g', at);
            case 'L' -> nextName = once("names", nextName, untilNul(extension(data, length)), at);
            case 'K' -> {}
            case '0', '\0', '7' -> add(name(header), !isOldFolder(header, type), data, length, at);
            case '5' -> add(name(header), false, data, 0, at);
            case '1', '2', '3', '4', '6' -> {
                if (size > 0) {
                    throw malformed("a link or device of " + size + " bytes in the tar archive", at);
                }
                add(name(header), false, data, 0, at);
            }
            case 'S' -> throw new UnsupportedFileException("a sparse file in the tar archive", "byte " + at);
            default -> throw new UnsupportedFileException("a tar member of type '" + type + "'", "byte " + at);
        }
        return data + (length + BLOCK - 1) / BLOCK * BLOCK;
    }

    private void add(String fullName, boolean regular, long data, long length, long at) throws IOException {
        String name = fullName.startsWith("./") ? fullName.substring(2) : fullName;
        nextName = Optional.empty();
        nextSize = Optional.empty();
        budget.spendMemory(HEAP_PER_MEMBER + 2L * name.length(), at);
        if (length > 0 && (!regular || name.endsWith("/"))) {
            throw malformed("a folder of " + length + " bytes in the tar archive", at);
        }
        TarMember before = members.put(name, new TarMember(name, regular, source.slice(name, data, length)));
        if (before != null && (regular || before.regular())) {
            throw malformed("two tar members are named " + Printable.quote(name), at);
        }
    }

    /**
     * Whether a header is that of a folder in the form before POSIX, which has no type for it: the name in the header ends
     * in a slash, whatever its prefix and an extension header make of it. Python's reader decides the same.
     */
    private static boolean isOldFolder(ByteBuffer header, char type) {
        return type == '\0' && ascii(header, 0, 100).endsWith("/");
    }

    /** What extension headers say of the next member they say once: readers differ in which of two counts. */
    private static <T> Optional<T> once(String what, Optional<T> before, T value, long at)
            throws MalformedFileException {
        if (before.isPresent()) {
            throw malformed("a tar member with two " + what, at);
        }
        return Optional.of(value);
    }

    private byte[] extension(long data, long length) throws IOException {
        if (length > LARGEST_EXTENSION) {
            throw malformed("a tar extension header of " + length + " bytes", data);
        }
        byte[] bytes = new byte[(int) length];
        source.readFully(data, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** Records of the form {@code "LENGTH KEY=VALUE\n"}. */
    private void extended(byte[] bytes, boolean global, long at) throws IOException {
        int from = 0;
        while (from < bytes.length) {
            int space = from;
            int length = 0;
            while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9' && space - from < 6) {
                length = length * 10 + bytes[space++] - '0';
            }
            int end = from + length;
            if (space == from
                    || space + 1 >= end
                    || end > bytes.length
                    || bytes[space] != ' '
                    || bytes[end - 1] != '\n') {
                throw malformed("a damaged pax header", at);
            }
            String record = new String(bytes, space + 1, end - space - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals <= 0) {
                throw malformed("a damaged pax header", at);
            }
            obey(record.substring(0, equals), record.substring(equals + 1), global, at);
            from = end;
        }
    }

    private void obey(String key, String value, boolean global, long at) throws IOException {
        if (key.startsWith("GNU.sparse") || key.startsWith("SCHILY.realsize")) {
            throw new UnsupportedFileException("a sparse file in the tar archive", "byte " + at);
        }
        boolean name = key.equals("path");
        boolean size = key.equals("size");
        if (global && (name || size)) {
            throw malformed("a pax header that gives all members one " + key, at);
        }
        if (name) {
            nextName = once("names", nextName, value, at);
        } else if (size) {
            if (!value.matches("[0-9]{1,18}")) {
                throw malformed("a pax header with the size " + Printable.quote(value), at);
            }
            nextSize = once("sizes", nextSize, Long.parseLong(value), at);
        }
    }

    /** The prefix of the name counts in every dialect, as for Python's reader. */
    private String name(ByteBuffer header) {
        if (nextName.isPresent()) {
            return nextName.get();
        }
        String name = ascii(header, 0, 100);
        String prefix = ascii(header, 345, 155);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String untilNul(byte[] bytes) {
        return ascii(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    /** Text up to a NUL; bytes that are no UTF-8 are replaced. */
    private static String ascii(ByteBuffer header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - offset];
        header.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Whether mode, owner, group, time and device are numbers. None of them is of interest, but where one is not, Python's
     * reader takes the archive for ended.
     */
    private static boolean hasNumbers(ByteBuffer header) {
        for (int[] field : NUMBERS) {
            if ((header.get(field[0]) & 0xff) != NEGATIVE
                    && octal(header, field[0], field[1]).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** An octal number, or one in the base-256 form of GNU tar; a negative one is none. */
    private static Optional<Long> octal(ByteBuffer header, int offset, int length) {
        int first = header.get(offset) & 0xff;
        if (first == BINARY) {
            return binary(header, offset, length);
        }
        String text = ascii(header, offset, length).strip();
        return text.matches("[0-7]{0,12}")
                ? Optional.of(text.isEmpty() ? 0L : Long.parseLong(text, 8))
                : Optional.empty();
    }

    private static Optional<Long> binary(ByteBuffer header, int offset, int length) {
        long value = header.get(offset) & 0x7f;
        for (int i = 1; i < length; i++) {
            if (value > Long.MAX_VALUE >> 8) {
                return Optional.empty();
            }
            value = value << 8 | header.get(offset + i) & 0xff;
        }
        return Optional.of(value);
    }

    private static long checksum(ByteBuffer header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header.get(i) & 0xff;
        }
        return sum;
    }

    private static boolean isZero(ByteBuffer block) {
        for (int i = 0; i < block.limit(); i++) {
            if (block.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static MalformedFileException malformed(String problem, long at) {
        return new MalformedFileException(problem, "byte " + at);
    }
}
