package org.ptsanitize.formats.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;

/** What every container that is a single file promises, held against a specimen of each. */
class ContainersTest {
    private static final int CUTS = 300;
    private static final int CHANGES = 600;

    private static final List<Specimen> SPECIMENS = List.of(
            new Specimen("containers/tar_views.pth.tar", Container.LEGACY_TAR),
            new Specimen("containers/tar_module.pth.tar", Container.LEGACY_TAR),
            new Specimen("containers/script.pt", Container.TORCHSCRIPT),
            new Specimen("containers/script_torch113.pt", Container.TORCHSCRIPT),
            new Specimen("containers/frozen.pt", Container.TORCHSCRIPT, "constants"),
            new Specimen("containers/fortran.npy", Container.NUMPY_ARRAY),
            new Specimen(
                    "containers/stored.npz", Container.NUMPY_ARCHIVE, "c", "fortran", "big", "scalar", "empty", "bool"),
            new Specimen(
                    "containers/deflated.npz",
                    Container.NUMPY_ARCHIVE,
                    "c",
                    "fortran",
                    "big",
                    "scalar",
                    "empty",
                    "bool"),
            new Specimen("containers/aligned.joblib", Container.JOBLIB),
            new Specimen("containers/zlib.joblib", Container.JOBLIB),
            new Specimen("containers/gzip_two_members.pt.gz", Container.TORCH_ZIP),
            new Specimen("containers/bzip2_two_streams.pt.bz2", Container.TORCH_ZIP),
            new Specimen("containers/xz_two_streams.pt.xz", Container.TORCH_ZIP),
            new Specimen("containers/lzma_alone.pt.lzma", Container.TORCH_ZIP),
            new Specimen("containers/lz4_two_frames.pt.lz4", Container.TORCH_ZIP),
            new Specimen("containers/gzip_in_xz.pt.gz.xz", Container.TORCH_ZIP),
            new Specimen("containers/model.tar.gz", Container.TAR, "weights.th", "best.th"),
            new Specimen("containers/agent.zip", Container.ZIP, "policy.pth", "policy.optimizer.pth"),
            new Specimen("containers/unpacked_and_zipped_again.zip", Container.TORCH_ZIP),
            new Specimen("containers/several_pickles.pkl", Container.PICKLES, "0", "1", "2"),
            new Specimen("script/of_1_0.pt", Container.TORCHSCRIPT, "scale", "steps", "row", "fc.weight", "fc.mask"),
            new Specimen("script/of_1_1.pt", Container.TORCHSCRIPT, "weight", "running", "pieces", "sizes", "kind"),
            new Specimen("script/of_1_3.pt", Container.TORCHSCRIPT, "weight", "running", "pieces", "sizes", "kind"),
            new Specimen("export/program.pt2", Container.EXPORTED_PROGRAM),
            new Specimen("export/only_constants.pt2", Container.EXPORTED_PROGRAM, "constants"),
            new Specimen("export/two_programs.pt2", Container.EXPORTED_PROGRAM, "decode", "encode.step"),
            new Specimen("export/before_2_8.pt2", Container.EXPORTED_PROGRAM),
            new Specimen("export/compiled.pt2", Container.EXPORTED_PROGRAM));

    /**
     * A file of the corpus.
     *
     * @param path such as {@code containers/model.tar.gz}
     * @param container what it is
     * @param members the names of its members, if it holds several checkpoints
     */
    record Specimen(String path, Container container, List<String> members) {
        Specimen(String path, Container container, String... members) {
            this(path, container, List.of(members));
        }

        byte[] bytes() throws IOException {
            try (InputStream in = ContainersTest.class.getResourceAsStream("/specimens/" + path)) {
                assertTrue(in != null, "no specimen " + path);
                return in.readAllBytes();
            }
        }

        @Override
        public String toString() {
            return path;
        }
    }

    static List<Specimen> specimens() {
        return SPECIMENS;
    }

    /** Opens a file and resolves all that it refers to. */
    private static List<String> open(byte[] file) throws IOException {
        List<String> facts = new ArrayList<>();
        Limits limits = Limits.defaults();
        try (ByteSource source = MemorySource.of("test", file);
                Scratch scratch = Scratch.of(file.length, limits);
                Checkpoint checkpoint = Checkpoints.open(source, scratch, new Budget(limits))) {
            facts.add(checkpoint.container().name());
            facts.add(checkpoint.writer());
            for (Member member : checkpoint.members()) {
                facts.add("member " + member.name());
            }
            for (PickledPart part : checkpoint.parts()) {
                facts.add(part.name() + " " + part.auxiliary());
                for (PersistentId id : part.pickle().persistentIds()) {
                    facts.add(part.persistent().resolve(id).getClass().getSimpleName());
                }
            }
            facts.addAll(checkpoint.notes());
        }
        return facts;
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void theSpecimenIsRecognisedByItsBytes(Specimen specimen) throws IOException {
        List<String> facts = open(specimen.bytes());
        assertEquals(specimen.container().name(), facts.get(0));
        List<String> found = facts.stream()
                .filter(fact -> fact.startsWith("member "))
                .map(fact -> fact.substring("member ".length()))
                .toList();
        assertEquals(specimen.members(), found);
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void itIsOpenedTheSameWayTwice(Specimen specimen) throws IOException {
        assertEquals(open(specimen.bytes()), open(specimen.bytes()));
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void aCutFileIsAnErrorOfTheFamilyOrTheSameKind(Specimen specimen) throws IOException {
        byte[] whole = specimen.bytes();
        for (int i = 0; i < CUTS; i++) {
            int length = (int) ((long) whole.length * i / CUTS);
            byte[] cut = Arrays.copyOf(whole, length);
            assertFileErrorAtMost(cut, "cut to " + length + " bytes");
        }
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void aChangedByteIsNeverMoreThanAnErrorOfTheFamily(Specimen specimen) throws IOException {
        byte[] whole = specimen.bytes();
        Random random = new Random(11);
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = whole.clone();
            int at = random.nextInt(changed.length);
            changed[at] = (byte) random.nextInt(256);
            assertFileErrorAtMost(changed, "byte " + at + " set to " + changed[at]);
        }
    }

    private static void assertFileErrorAtMost(byte[] file, String what) {
        try {
            open(file);
        } catch (FileFormatException e) {
            assertFalse(e.getMessage().isBlank());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            fail(what + ": " + e, e);
        }
    }
}
