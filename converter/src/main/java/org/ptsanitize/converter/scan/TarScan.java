package org.ptsanitize.converter.scan;

import java.io.IOException;
import org.ptsanitize.converter.scan.PickleScan.Trust;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.Checkpoints;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.tar.TarDirectory;
import org.ptsanitize.formats.tar.TarMember;

/** Looks through a tar archive, and through the pickles between the numbers in one of torch 0.1. */
final class TarScan {
    private final ContentScan content;
    private final String part;

    TarScan(ContentScan content, String part) {
        this.content = content;
        this.part = part;
    }

    void scan(ByteSource archive) throws IOException {
        TarDirectory directory;
        try {
            directory = TarDirectory.read(archive, content.desk().budget());
        } catch (FileFormatException e) {
            content.desk().problem(part, e);
            return;
        }
        for (TarMember member : directory.members()) {
            if (member.regular()) {
                content.member(member.bytes(), name(member.name()), Trust.LIKELY);
            }
        }
        if (directory.find("pickle").isPresent()
                && directory.find("tensors").isPresent()
                && directory.find("storages").isPresent()) {
            torch(archive);
        }
    }

    private void torch(ByteSource archive) throws IOException {
        Desk desk = content.desk();
        try (Checkpoint checkpoint = Checkpoints.open(archive, desk.scratch(), desk.budget())) {
            for (PickledPart pickled : checkpoint.parts()) {
                if (pickled.auxiliary()) {
                    new PickleAudit(
                                    desk.policy(),
                                    pickled.pickle().calls(),
                                    pickled.pickle().globals())
                            .record(desk.findings(), name(pickled.name()), archive, 0, archive.size());
                }
            }
        } catch (FileFormatException e) {
            desk.problem(part, e);
        }
    }

    private String name(String member) {
        return part.isEmpty() ? member : part + "/" + member;
    }
}
