package org.ptsanitize.oracle;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Real PyTorch and real safetensors, asked what they see in a file.
 *
 * <p>The Python is the one that the variable {@code PTSANITIZE_PYTHON} names, else {@code corpus/.venv/bin/python}. A test
 * that asks is skipped where that one is missing or has no PyTorch 2.13; it fails there if the system property
 * {@code ptsanitize.requirePython} is true. The requests and answers are described in {@code oracle_worker.py}.
 *
 * <p>Annotate tests with {@link NeedsPyTorch}: it skips them before they start, properties of jqwik included.
 */
public final class PythonOracle {
    static final String REMEDY =
            "python3 -m venv corpus/.venv && corpus/.venv/bin/pip install torch==2.13.0 safetensors numpy";
    private static final String TORCH_VERSION = "2.13.";
    private static final OracleStart START = OracleStart.attempt();

    private PythonOracle() {}

    /** Asks the worker. Skips or fails the running test if there is none. */
    public static String ask(String jsonLine) {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            if (isRequired()) {
                Assertions.fail(obstacle.get());
            }
            Assumptions.abort(obstacle.get());
        }
        return START.worker()
                .orElseThrow()
                .ask(jsonLine)
                .orElseThrow(() -> new AssertionError("the oracle died or fell silent at: " + jsonLine));
    }

    /** The Python that would be asked, whether it can be or not. */
    public static Path python() {
        Path root = RepositoryRoot.find();
        return named().map(root::resolve).orElse(root.resolve("corpus/.venv/bin/python"));
    }

    private static Optional<String> named() {
        return Optional.ofNullable(System.getenv("PTSANITIZE_PYTHON")).filter(name -> !name.isBlank());
    }

    /** What PyTorch sees in a {@code .pt} file, loaded with {@code weights_only=True}, plainly and with {@code mmap}. */
    public static JsonObject loadPt(Path file) {
        return load(file, "pt");
    }

    /** What the safetensors library sees in a file. */
    public static JsonObject loadSafetensors(Path file) {
        return load(file, "safetensors");
    }

    private static JsonObject load(Path file, String format) {
        JsonObject request = new JsonObject();
        request.addProperty("path", file.toAbsolutePath().toString());
        request.addProperty("format", format);
        return JsonParser.parseString(ask(request.toString())).getAsJsonObject();
    }

    /** Why the worker cannot be asked, with the command that would change it; nothing if it can. */
    static Optional<String> obstacle() {
        return START.obstacle().map(reason -> reason + "; to enable these tests: " + REMEDY);
    }

    /** Whether a test that needs the oracle fails without it, rather than being skipped. */
    static boolean isRequired() {
        return Boolean.getBoolean("ptsanitize.requirePython");
    }

    /** The one attempt to start a worker: the worker, or what was in the way. */
    private record OracleStart(Optional<OracleWorker> worker, Optional<String> obstacle) {
        static OracleStart attempt() {
            Path root = RepositoryRoot.find();
            Optional<String> named = named();
            Path python = python();
            String from = named.isPresent() ? "PTSANITIZE_PYTHON names " + python : python.toString();
            if (!Files.isExecutable(python)) {
                return failed(
                        named.isPresent()
                                ? from + ", which is no program"
                                : "PTSANITIZE_PYTHON is not set and there is no corpus/.venv/bin/python");
            }
            try {
                OracleWorker worker =
                        OracleWorker.start(python, root.resolve("property-tests/src/test/python/oracle_worker.py"));
                return checked(worker, from);
            } catch (IOException e) {
                return failed(from + " cannot be started: " + e.getMessage());
            }
        }

        private static OracleStart checked(OracleWorker worker, String from) {
            Optional<String> pong = worker.ask("{\"ping\": true}");
            if (pong.isEmpty()) {
                return failed(from + ", which cannot import torch and safetensors");
            }
            String torch = JsonParser.parseString(pong.get())
                    .getAsJsonObject()
                    .get("torch")
                    .getAsString();
            if (!torch.startsWith(TORCH_VERSION)) {
                return failed(from + ", which has torch " + torch + " instead of 2.13");
            }
            return new OracleStart(Optional.of(worker), Optional.empty());
        }

        private static OracleStart failed(String reason) {
            System.err.println("Tests against real PyTorch cannot run: " + reason + ". To enable them: " + REMEDY);
            return new OracleStart(Optional.empty(), Optional.of(reason));
        }
    }
}
