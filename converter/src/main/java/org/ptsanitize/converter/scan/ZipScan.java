package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;
import org.ptsanitize.converter.policy.Grade;
import org.ptsanitize.converter.policy.Use;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.scan.PickleScan.Trust;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * Looks through a zip archive: every member that may hold a pickle is opened, whatever its name. Of storages only the
 * first bytes are read. An archive or member that readers could understand in two ways is looked through byte by byte
 * besides.
 */
final class ZipScan {
    private static final int HEAD = 64;

    /** Where the records of torch lie that hold numbers. */
    private static final Pattern STORAGE = Pattern.compile("(?s)(.*/)?(data|constants|tensors)/[^/]*");

    private static final Pattern SCRIPT = Pattern.compile("(?s)(.*/)?code/.*\\.py");

    private final ContentScan content;
    private final String part;

    ZipScan(ContentScan content, String part) {
        this.content = content;
        this.part = part;
    }

    /** @param first where the first member is if the directory cannot be read */
    void scan(ByteSource archive, long first) throws IOException {
        List<ZipMember> members;
        ZipDirectory directory;
        try {
            directory = ZipDirectory.read(archive, content.desk().budget());
            members = directory.members();
        } catch (FileFormatException e) {
            content.desk().problem(part, e);
            new DamagedZip(content, part).scan(archive, first);
            return;
        }
        for (ZipMember member : members) {
            if (!member.name().endsWith("/") || member.size() > 0) {
                member(archive, directory, member);
            }
        }
        noteCode(members);
    }

    private void member(ByteSource archive, ZipDirectory directory, ZipMember member) throws IOException {
        boolean storage = STORAGE.matcher(member.name()).matches();
        ByteBuffer head = DamagedZip.head(archive, member, HEAD);
        if (storage && !PickleScan.announces(head)) {
            return;
        }
        String name = part.isEmpty() ? member.name() : part + "/" + member.name();
        try (ByteSource bytes =
                directory.open(member, content.desk().scratch(), content.desk().budget())) {
            if (storage) {
                content.pickles().scan(bytes, 0, name, Trust.GUESS);
            } else {
                content.member(bytes, name, member.name().endsWith(".pkl") ? Trust.EXPECTED : Trust.LIKELY);
            }
        } catch (FileFormatException e) {
            if (!storage) {
                content.desk().problem(part, e);
            }
            new DamagedZip(content, part).member(archive, member);
        }
    }

    /** TorchScript is code, but runs only when the model does. */
    private void noteCode(List<ZipMember> members) {
        for (ZipMember member : members) {
            if (SCRIPT.matcher(member.name()).matches()) {
                content.desk()
                        .findings()
                        .add(
                                Grade.CODE,
                                Use.CODE,
                                "(TorchScript)",
                                part,
                                "",
                                member.headerOffset(),
                                () -> Escaped.text(member.name(), 80));
            }
        }
    }
}
