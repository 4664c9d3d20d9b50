package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ptsanitize.formats.bytes.Limit;

class UsageTest {
    private static final String HINT = "; 'ptsanitize --help' lists the options";

    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    @Test
    void helpIsTheResultAndNoError() {
        Workplace.Run run = work.run("--help").succeeded();

        String[] lines = run.out().split("\n");
        assertEquals(
                "Usage: ptsanitize [-hqvV] [--dry-run] [--force] [--keep-attributes] [--keep-parameters] [--no-verify]",
                lines[0]);
        assertEquals(
                List.of(
                        "Exit codes: 0 done, 1 --strict would lose something, 2 input rejected, 3 no tensors,",
                        "4 usage, 5 I/O error or failed verification, 130 interrupted."),
                List.of(lines[lines.length - 2], lines[lines.length - 1]));
    }

    @Test
    void helpComesBeforeWhatIsMissing() {
        assertEquals(work.run("--help"), work.run("-h", "only-one"));
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void helpListsEveryLimitWithItsDefault(Limit limit) {
        String line = work.run("--help")
                .out()
                .lines()
                .filter(each -> each.strip().startsWith(limit.flag() + "="))
                .findFirst()
                .orElseThrow();

        assertTrue(line.endsWith("(" + inWords(limit) + ")."), line);
    }

    private static String inWords(Limit limit) {
        long value = limit.defaultValue();
        return switch (limit) {
            case MEMORY -> "75% of the heap";
            case TEXT, METADATA -> (value >> 20) + " MiB";
            case ARRAY -> (value >> 30) + " GiB";
            case OPCODES, ENTRIES, PATHS -> value / 1_000_000 + " million";
            case DEPTH, INTEGER, NESTED_PICKLES, INFLATE, EXPANSION -> String.format(Locale.ROOT, "%,d", value);
        };
    }

    @Test
    void versionNamesTheProgram() {
        assertTrue(work.run("--version").succeeded().out().startsWith("ptsanitize "));
        assertEquals(work.run("--version"), work.run("-V"));
    }

    @Test
    void nothingGivenNamesWhatIsMissing() {
        work.run().failed(4, "Missing required parameters: 'INPUT', 'OUTPUT'" + HINT);
    }

    @Test
    void oneNameNamesTheOther() {
        work.run("~/in.pt").failed(4, "Missing required parameter: 'OUTPUT'" + HINT);
    }

    @Test
    void aThirdNameIsTooMuch() {
        work.run("~/in.pt", "~/out.pt", "more").failed(4, "Unmatched argument at index 2: 'more'" + HINT);
    }

    @Test
    void anUnknownOptionIsNamedEscaped() {
        work.run("--no\u001bpe", "a", "b.pt").failed(4, "Unknown option: '--no\\u001bpe'" + HINT);
    }

    @Test
    void thereIsNoFlagThatLoadsAFileUnsafely() {
        work.run("--unsafe", "a", "b.pt").failed(4, "Unknown option: '--unsafe'" + HINT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tied    | no | duplicate, dedupe",
                "--metadata| no | all, none",
                "--on-collision | no | error, suffix",
                "--format  | yaml | text, json"
            })
    void aValueOutsideAClosedListIsToldTheList(String option, String value, String known) {
        work.run(option, value, "~/in.pt", "~/out.pt")
                .failed(4, "Invalid value for option '" + option + "': '" + value + "' is none of " + known + HINT);
    }

    @Test
    void valuesOfClosedListsMayBeWrittenInCapitals() throws IOException {
        work.run(work.corpus("specimens/views/ties.pt"), "~/out.safetensors", "--tied", "DEDUPE", "-q")
                .succeeded();
        assertEquals(List.of("embed.weight", "same_values_other_storage"), work.names("out.safetensors"));
    }

    @ParameterizedTest
    @CsvSource({"onnx", "SafeTensors", "''"})
    void anUnknownFormatIsToldTheKnownOnes(String format) {
        work.run("--to", format, "~/in.pt", "~/out.pt").failed(4, "--to " + format + ": write safetensors or pt");
    }

    @Test
    void anEndingThatTellsNoFormatIsAnError() {
        work.run("~/in.pt", "~/out.onnx")
                .failed(4, "~/out.onnx: the ending tells no format; use .safetensors or .pt, or --to");
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void aLimitThatIsNoNumberNamesItsFlag(Limit limit) {
        work.run(limit.flag() + "=-5", "~/in.pt", "~/out.pt")
                .failed(4, limit.flag() + " -5: write a number such as 1000, 500MB or 2GiB");
    }

    @Test
    void weightsAndSelectExcludeEachOther() {
        work.run("--weights", "--select", "model", "~/in.pt", "~/out.pt")
                .failed(4, "--weights and --select exclude each other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abc   | write REGEX=REPLACEMENT",
                "=abc  | write REGEX=REPLACEMENT",
                "(=b   | missing closing )",
                "a=$1  | the replacement '$1' refers to a group that the pattern does not have",
                "(?P<n>a)=${m} | the replacement '${m}' refers to a group that the pattern does not have"
            })
    void aRenamingThatCannotBeDoneIsAnError(String renaming, String problem) {
        work.run("--rename", renaming, "~/in.pt", "~/out.pt").failed(4, "--rename " + renaming + ": " + problem);
    }
}
