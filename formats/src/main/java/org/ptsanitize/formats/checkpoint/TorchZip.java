package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * The zip archive that {@code torch.save} writes since 1.6: {@code ROOT/data.pkl}, one record {@code ROOT/data/KEY} for
 * each storage, {@code ROOT/version} and {@code ROOT/byteorder}. Records are found as PyTorch finds them: by the central
 * directory, in the directory of its first entry, without regard to case.
 */
public final class TorchZip {
    private TorchZip() {}

    private static Checkpoint of(ZipRecords records, boolean script) throws IOException {
        ZipMember dataPkl = records.find("data.pkl")
                .orElseThrow(
                        () -> new MalformedFileException(
                                "a zip without a record " + records.root() + "/data.pkl, so not a checkpoint",
                                "",
                                "if it is a zip of an unpacked checkpoint or of several files, unpack it and convert what is inside"));
        String writer = writer(records, records.version());
        List<PickledPart> parts = records.pickles(dataPkl, "data", script);
        return new PickledFile(Container.TORCH_ZIP, writer, parts, records.notes());
    }

    /** Opens the archive. The source stays the caller's to close. */
    public static Checkpoint open(ByteSource source, Scratch scratch, Budget budget) throws IOException {
        long before = budget.left(Limit.MEMORY);
        ZipDirectory directory = ZipDirectory.read(source, budget);
        long directoryBytes = before - budget.left(Limit.MEMORY);
        Checkpoint archive = open(directory, scratch, budget);
        budget.releaseMemory(directoryBytes);
        return archive;
    }

    static Checkpoint open(ZipDirectory directory, Scratch scratch, Budget budget) throws IOException {
        ZipRecords records = new ZipRecords(directory, directory.firstRoot(), scratch, budget);
        records.refuseOthers();
        return of(records, false);
    }

    /** Opens an archive with one object that the pickler of TorchScript wrote. */
    static Checkpoint openScript(ZipDirectory directory, Scratch scratch, Budget budget) throws IOException {
        ZipRecords records = new ZipRecords(directory, directory.firstRoot(), scratch, budget);
        records.refuseOthers();
        return of(records, true);
    }

    /** Opens a zip that someone made of an unpacked archive, whose records lie below this folder. */
    static Checkpoint openBelow(ZipDirectory directory, String root, Scratch scratch, Budget budget)
            throws IOException {
        ZipRecords records = new ZipRecords(directory, root, scratch, budget);
        records.notes().add("a zip of an unpacked checkpoint, which PyTorch does not load; read below '" + root + "/'");
        return of(records, false);
    }

    private static String writer(ZipRecords records, int version) {
        String since;
        if (records.find(".format_version").isPresent()) {
            since = "torch 2.6 or later";
        } else if (records.find("byteorder").isPresent()) {
            since = "torch 2.1 to 2.6";
        } else {
            since = "torch 1.4 to 2.0";
        }
        return since + " (zip version " + version + ")";
    }
}
