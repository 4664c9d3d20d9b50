package org.ptsanitize.formats.bytes;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files of which only some are open at a time: a checkpoint may have more than a process may open. The one that has not
 * been used for longest is closed first. May be used by several threads.
 */
final class OpenFiles implements Closeable {
    private final int most;
    private final Map<Path, Lease> open = new LinkedHashMap<>(16, 0.75f, true);

    OpenFiles(int most) {
        this.most = most;
    }

    /** An open file in use. It stays open until it has been closed as often as it was borrowed. */
    final class Lease implements Closeable {
        private final FileChannel channel;
        private int users;

        private Lease(FileChannel channel) {
            this.channel = channel;
        }

        FileChannel channel() {
            return channel;
        }

        @Override
        public void close() {
            synchronized (OpenFiles.this) {
                users--;
            }
        }
    }

    /**
     * A file for reading, to be closed after each use.
     *
     * @throws MalformedFileException if it has to be opened and is not what it was at first
     */
    synchronized Lease borrow(FolderFile file) throws IOException {
        Lease lease = open.get(file.path());
        if (lease == null) {
            makeRoom();
            file.checkUnchanged();
            lease = new Lease(FileChannel.open(file.path(), StandardOpenOption.READ));
            open.put(file.path(), lease);
        }
        lease.users++;
        return lease;
    }

    private void makeRoom() throws IOException {
        Iterator<Lease> longestUnused = open.values().iterator();
        while (open.size() >= most && longestUnused.hasNext()) {
            Lease lease = longestUnused.next();
            if (lease.users == 0) {
                longestUnused.remove();
                lease.channel.close();
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        IOException first = null;
        for (Lease lease : open.values()) {
            try {
                lease.channel.close();
            } catch (IOException e) {
                first = e;
            }
        }
        open.clear();
        if (first != null) {
            throw first;
        }
    }
}
