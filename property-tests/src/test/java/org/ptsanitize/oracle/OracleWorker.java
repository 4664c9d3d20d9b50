package org.ptsanitize.oracle;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running {@code oracle_worker.py}. It answers one line with one line, and dies with this JVM. */
final class OracleWorker {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private OracleWorker(Process process) {
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Starts the worker. What the libraries print on stderr is thrown away: errors come as answers. */
    static OracleWorker start(Path python, Path script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(python.toString(), "-I", "-B", script.toString());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        return new OracleWorker(builder.start());
    }

    /** The answer, or nothing if the worker has died or did not answer in time; it is then dead. */
    synchronized Optional<String> ask(String request) {
        if (request.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a request is one line");
        }
        CompletableFuture<Optional<String>> answer = CompletableFuture.supplyAsync(() -> exchange(request));
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // No answer; the worker may still be in the middle of one, so it cannot be asked again.
        }
        process.destroyForcibly();
        return Optional.empty();
    }

    private Optional<String> exchange(String request) {
        try {
            requests.write(request);
            requests.write('\n');
            requests.flush();
            return Optional.ofNullable(answers.readLine());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
