package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stay a class, and what must not be lost. */
class PolicyTest {
    private static final String SPECIMEN = "specimens/records/dictionary.pt";
    private static final String DICTIONARY = "fairseq.data.dictionary.Dictionary";

    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    private String pickle(String name) throws IOException {
        return new String(Files.readAllBytes(work.path(name)), StandardCharsets.ISO_8859_1);
    }

    private static String global(String module, String name) {
        return "c" + module + "\n" + name + "\n";
    }

    @Test
    void nothingIsWrittenBackByDefault() throws IOException {
        work.run(work.corpus(SPECIMEN), "~/out.pt").succeeded();
        assertFalse(pickle("out.pt").contains(global("fairseq.data.dictionary", "Dictionary")));
        assertFalse(pickle("out.pt").contains(global("argparse", "Namespace")));
    }

    @Test
    void allowedClassesAreWrittenBack() throws IOException {
        work.run(work.corpus(SPECIMEN), "~/out.pt", "--allow", DICTIONARY, "--allow=argparse.Namespace")
                .succeeded();
        assertTrue(pickle("out.pt").contains(global("fairseq.data.dictionary", "Dictionary")));
        assertTrue(pickle("out.pt").contains(global("argparse", "Namespace")));
    }

    @Test
    void aWildcardCoversAWholeModuleAndNoneBelowIt() throws IOException {
        work.run(work.corpus(SPECIMEN), "~/a.pt", "--allow", "fairseq.data.dictionary.*")
                .succeeded();
        assertTrue(pickle("a.pt").contains(global("fairseq.data.dictionary", "Dictionary")));
        work.run("~/dictionary.pt", "~/b.pt", "--allow", "fairseq.data.*").succeeded();
        assertFalse(pickle("b.pt").contains(global("fairseq.data.dictionary", "Dictionary")));
    }

    @Test
    void aPolicyFileAllowsTheSame() throws IOException {
        String input = work.corpus(SPECIMEN);
        String policy = work.text("policy.json", "{\"schema\": 1, \"allow\": [\"" + DICTIONARY + "\"]}");
        work.run(input, "~/a.pt", "--policy", policy).succeeded();
        work.run(input, "~/b.pt", "--allow", DICTIONARY).succeeded();
        assertEquals(-1, Files.mismatch(work.path("a.pt"), work.path("b.pt")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os.system",
                "posix.system",
                "subprocess.Popen",
                "builtins.eval",
                "builtins.getattr",
                "__builtin__.eval",
                "runpy._run_code",
                "os.*",
                "subprocess.*",
                "pickle.loads",
                "importlib.import_module"
            })
    void nothingCanAllowWhatIsDangerous(String global) throws IOException {
        Workplace.Run run = work.run("--allow", global, work.corpus(SPECIMEN), "~/out.pt");
        assertEquals(4, run.code());
        assertTrue(
                run.err()
                        .matches("ptsanitize: '" + java.util.regex.Pattern.quote(global) + "' cannot be allowed: .+\n"),
                run.err());
        assertFalse(Files.exists(work.path("out.pt")));
    }

    @Test
    void aModuleThatIsAllowedDoesNotAllowItsDangerousNames() throws IOException {
        String input = work.corpus("hostile/gadget_reduce-builtins_exec.pt");
        String out =
                work.run(input, "~/out.pt", "--allow", "builtins.*").succeeded().out();
        assertTrue(out.contains("  dropped   1 call: builtins.exec\n"), out);
        assertFalse(pickle("out.pt").contains("exec"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Dictionary | 'Dictionary' is not a global: write its module and name, such as argparse.Namespace",
                ".Dictionary | '.Dictionary' is not a global: write its module and name, such as argparse.Namespace",
                "fairseq. | 'fairseq.' is not a global: write its module and name, such as argparse.Namespace",
                "* | '*' is not a global: write its module and name, such as argparse.Namespace",
                "fairseq.*.Dictionary | 'fairseq.*.Dictionary' has a wildcard inside a name; only a whole module can be"
                        + " allowed, as package.module.*",
                "fairseq.Dict* | 'fairseq.Dict*' has a wildcard inside a name; only a whole module can be allowed, as"
                        + " package.module.*"
            })
    void whatIsNoGlobalIsRefused(String global, String problem) {
        work.run("--allow", global, "~/in.pt", "~/out.pt").failed(4, problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[] | a policy is an object (at $)",
                "{} | the key 'schema' is missing",
                "{\"allow\": []} | the key 'schema' is missing",
                "{\"schema\": 2} | this program reads schema 1 (at $.schema)",
                "{\"schema\": \"1\"} | this program reads schema 1 (at $.schema)",
                "{\"schema\": 1.0} | this program reads schema 1 (at $.schema)",
                "{\"schema\": 1, \"alow\": []} | unknown key 'alow'; known are schema and allow (at $.alow)",
                "{\"schema\": 1, \"allow\": [], \"allow\": []} | the key 'allow' stands twice (at $.allow)",
                "{\"schema\": 1, \"allow\": \"a.B\"} | 'allow' is a list of names (at $.allow)",
                "{\"schema\": 1, \"allow\": [1]} | 'allow' is a list of names (at $.allow[0])",
                "{\"schema\": 1, \"allow\": [\"a.B\", \"a*.B\"]} | 'a*.B' has a wildcard inside a name; only a whole"
                        + " module can be allowed, as package.module.* (at $.allow[1])",
                "{\"schema\": 1, \"allow\": [\"os.system\"]} | 'os.system' cannot be allowed: runs programs and changes"
                        + " files (at $.allow[0])",
                "{\"schema\": 1 | not valid JSON (line 1 column 13)",
                "{\"schema\": 1} x | not valid JSON (line 1 column 16)",
                "{'schema': 1} | not valid JSON (line 1 column 3)"
            })
    void aPolicyThatIsNotOneIsRefusedWithThePlace(String policy, String problem) throws IOException {
        work.text("policy.json", policy);
        work.run("--policy", "~/policy.json", work.corpus(SPECIMEN), "~/out.pt")
                .failed(4, "--policy ~/policy.json: " + problem);
    }

    @Test
    void aPolicyThatIsNoTextIsRefused() throws IOException {
        Files.write(work.path("policy.json"), new byte[] {'{', (byte) 0xff, '}'});
        work.run("--policy", "~/policy.json", work.corpus(SPECIMEN), "~/out.pt")
                .failed(4, "--policy ~/policy.json: is not UTF-8 text");
    }

    @Test
    void aPolicyThatIsNotThereIsNamed() throws IOException {
        work.run("--policy", "~/none.json", work.corpus(SPECIMEN), "~/out.pt").failed(5, "~/none.json: no such file");
    }

    @Test
    void strictRefusesWhatWouldBeStubbed() throws IOException {
        work.run("--strict", work.corpus(SPECIMEN), "~/out.safetensors")
                .failed(
                        1,
                        "~/dictionary.pt: --strict: would lose stubbed argparse.Namespace, stubbed"
                                + " fairseq.data.dictionary.Dictionary");
        assertFalse(Files.exists(work.path("out.safetensors")));
    }

    @Test
    void strictRefusesWhatWouldBeDropped() throws IOException {
        work.run("--strict", work.corpus("hostile/gadget_reduce-os_system.pt"), "~/out.pt")
                .failed(1, "~/gadget_reduce-os_system.pt: --strict: would lose dropped os.system");
    }

    @Test
    void strictKeepsWhatIsThere() throws IOException {
        work.text("out.pt", "precious");
        assertEquals(
                1,
                work.run("--strict", "--force", work.corpus("hostile/gadget_reduce-os_system.pt"), "~/out.pt")
                        .code());
        assertEquals("precious", Files.readString(work.path("out.pt")));
    }

    @Test
    void strictPassesPlainStateDicts() throws IOException {
        work.run("--strict", work.corpus("specimens/training/wrapped.pth"), "~/out.safetensors")
                .succeeded();
        assertEquals(9, work.names("out.safetensors").size());
    }

    @Test
    void whatIsAllowedIsNotLost() throws IOException {
        work.run("--strict", "--allow", DICTIONARY, "--allow", "argparse.Namespace", work.corpus(SPECIMEN), "~/out.pt")
                .succeeded();
    }
}
