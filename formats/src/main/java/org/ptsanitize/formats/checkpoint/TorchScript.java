package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
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
final class TorchScript implements Checkpoint {
    private final List<PickledPart> parts = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final List<Member> outside = new ArrayList<>();
    private final List<String> notes;
    private final String writer;

    private TorchScript(ZipRecords records) throws IOException {
        ZipMember dataPkl = records.find("data.pkl")
                .orElseThrow(() -> new MalformedFileException(
                        "a TorchScript archive without a record " + records.root() + "/data.pkl"));
        this.writer = "torch.jit.save (zip version " + records.version() + ")";
        PickledPart module = records.pickle(dataPkl, "data", true);
        PickledPart constants = records.pickle(records.find("constants.pkl").orElseThrow(), "constants", true);
        int count = constants.pickle().persistentIds().size();
        boolean frozen = module.pickle().persistentIds().isEmpty() && count > 0;
        parts.add(frozen ? module.steering() : module);
        parts.add(frozen ? constants : constants.steering());
        if (frozen) {
            records.notes().add("no tensors but constants, as in a frozen module: they have no names, only numbers");
            members.add(new Member("constants", new Constants(constants)));
        } else {
            records.notes()
                    .add("every tensor attribute is kept: only the program, which is not read, tells parameters and"
                            + " buffers from other attributes");
            if (count > 0) {
                outside.add(new Member("constants", new Constants(constants)));
            }
        }
        this.notes = List.copyOf(records.notes());
    }

    static TorchScript open(ZipDirectory directory, Scratch scratch, Budget budget) throws IOException {
        ZipRecords records = new ZipRecords(directory, directory.firstRoot(), scratch, budget);
        records.refuseOthers();
        return new TorchScript(records);
    }

    @Override
    public Container container() {
        return Container.TORCHSCRIPT;
    }

    @Override
    public String writer() {
        return writer;
    }

    @Override
    public List<PickledPart> parts() {
        return List.copyOf(parts);
    }

    @Override
    public void forgetPickles() {
        parts.clear();
        members.clear();
        outside.clear();
    }

    @Override
    public List<Member> members() {
        return List.copyOf(members);
    }

    @Override
    public List<Member> outside() {
        return List.copyOf(outside);
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() {}

    /** The constants as what the whole archive holds. */
    private record Constants(PickledPart part) implements Checkpoint {
        @Override
        public Container container() {
            return Container.TORCHSCRIPT;
        }

        @Override
        public String writer() {
            return "";
        }

        @Override
        public List<PickledPart> parts() {
            return List.of(part);
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
