package org.ptsanitize.formats.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;

/** What every container promises. Extended by the test of each, with a specimen of it. */
abstract class CheckpointContract {
    private static final int CUTS = 300;
    private static final int CHANGES = 600;

    /** A file of the corpus, such as {@code containers/model.tar.gz}. */
    abstract String specimen();

    abstract Container container();

    /** The names of the members, for a file that holds several checkpoints. */
    List<String> members() {
        return List.of();
    }

    static byte[] bytes(String specimen) throws IOException {
        try (InputStream in = CheckpointContract.class.getResourceAsStream("/specimens/" + specimen)) {
            assertTrue(in != null, "no specimen " + specimen);
            return in.readAllBytes();
        }
    }

    /** Opens a file and resolves all that it refers to. */
    static List<String> open(byte[] file) throws IOException {
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

    @Test
    void theSpecimenIsRecognisedByItsBytes() throws IOException {
        List<String> facts = open(bytes(specimen()));
        assertEquals(container().name(), facts.get(0));
        List<String> found = facts.stream()
                .filter(fact -> fact.startsWith("member "))
                .map(fact -> fact.substring("member ".length()))
                .toList();
        assertEquals(members(), found);
    }

    @Test
    void itIsOpenedTheSameWayTwice() throws IOException {
        assertEquals(open(bytes(specimen())), open(bytes(specimen())));
    }

    @Test
    void aCutFileIsAnErrorOfTheFamilyOrTheSameKind() throws IOException {
        byte[] whole = bytes(specimen());
        for (int i = 0; i < CUTS; i++) {
            int length = (int) ((long) whole.length * i / CUTS);
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertFileErrorAtMost(cut, "cut to " + length + " bytes");
        }
    }

    @Test
    void aChangedByteIsNeverMoreThanAnErrorOfTheFamily() throws IOException {
        byte[] whole = bytes(specimen());
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
