package org.ptsanitize.converter.migrate;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.ptsanitize.converter.convert.Durable;

/**
 * What has been done in a folder of outputs: JSON lines, only ever appended, each batch of them flushed to the disk. Of
 * several lines about a unit the last one counts. A last line that was cut off is taken away before the next is written;
 * one that cannot be read counts as not there.
 */
final class Journal implements Closeable {
    private final Map<JournalEntry.Id, JournalEntry> entries;
    private final FileChannel channel;

    private Journal(Map<JournalEntry.Id, JournalEntry> entries, FileChannel channel) {
        this.entries = entries;
        this.channel = channel;
    }

    /** Reads a journal, or begins one in a folder that is there, and prepares to go on with it. */
    static Journal open(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        Map<JournalEntry.Id, JournalEntry> entries = read(file);
        boolean isNew = !Files.exists(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            channel.position(endOfLastLine(channel));
            channel.truncate(channel.position());
            channel.force(true);
            if (isNew) {
                Durable.folder(folder);
            }
            return new Journal(entries, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The last line about each unit. */
    static Map<JournalEntry.Id, JournalEntry> read(Path file) throws IOException {
        Map<JournalEntry.Id, JournalEntry> entries = new HashMap<>();
        if (!Files.exists(file)) {
            return entries;
        }
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try {
                    JournalEntry entry = JournalEntry.parse(
                            new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
                    entries.put(entry.id(), entry);
                } catch (IOException | NumberFormatException e) {
                    // A line that was cut off or damaged: its unit is done again, which finds the same output there.
                }
            }
        }
        return entries;
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long at = channel.size(); at > 0; at--) {
            channel.read(one.clear(), at - 1);
            if (one.get(0) == '\n') {
                return at;
            }
        }
        return 0;
    }

    Map<JournalEntry.Id, JournalEntry> entries() {
        return entries;
    }

    /** Writes lines; they are on the disk when this returns. What they tell of has to be there before. */
    void append(Collection<JournalEntry> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (JournalEntry line : lines) {
            text.append(line.line());
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
