package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * The archive that {@code torch.jit.save} writes: {@code data.pkl} with the module, its storages in {@code data/}, and
 * {@code constants.pkl} with a tuple of the tensors that the program uses as constants, their storages in
 * {@code constants/}. The program itself, in {@code code/}, is never read: so nothing tells parameters and buffers from
 * other tensor attributes, and all are kept. The constants of a module that has other tensors are beside it; those of a
 * frozen one are all it has.
 */
final class TorchScript {
    private TorchScript() {}

    static Checkpoint open(ZipDirectory directory, Scratch scratch, Budget budget) throws IOException {
        ZipRecords records = new ZipRecords(directory, directory.firstRoot(), scratch, budget);
        records.refuseOthers();
        ZipMember dataPkl = records.find("data.pkl")
                .orElseThrow(() -> new MalformedFileException(
                        "a TorchScript archive without a record " + records.root() + "/data.pkl"));
        String writer = "torch.jit.save (zip version " + records.version() + ")";
        PickledPart module = records.pickle(dataPkl, "data", true);
        PickledPart constants = records.pickle(records.find("constants.pkl").orElseThrow(), "constants", true);
        int count = constants.pickle().persistentIds().size();
        boolean frozen = module.pickle().persistentIds().isEmpty() && count > 0;
        List<PickledPart> parts =
                List.of(frozen ? module.steering() : module, frozen ? constants : constants.steering());
        List<Member> beside = count > 0 ? List.of(new Member("constants", only(constants))) : List.of();
        if (frozen) {
            records.notes().add("no tensors but constants, as in a frozen module: they have no names, only numbers");
        } else {
            records.notes()
                    .add("every tensor attribute is kept: only the program, which is not read, tells parameters and"
                            + " buffers from other attributes");
        }
        return new PickledFile(
                Container.TORCHSCRIPT,
                writer,
                parts,
                frozen ? beside : List.of(),
                frozen ? List.of() : beside,
                records.notes());
    }

    /** The constants as what the whole archive holds. */
    private static Checkpoint only(PickledPart constants) {
        return new PickledFile(Container.TORCHSCRIPT, "", List.of(constants), List.of());
    }
}
