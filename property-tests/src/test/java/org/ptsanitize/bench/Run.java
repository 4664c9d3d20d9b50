package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts a command and measures it. */
final class Run {
    private static final int POLL_MILLIS = 10;
    private static final int MOST_MINUTES = 5;

    private Run() {}

    /**
     * Runs a command to its end.
     *
     * @param log takes what it prints
     * @throws IOException if it fails, or takes longer than five minutes
     */
    static Measurement measure(List<String> command, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long peak = 0;
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peak(status));
            if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(MOST_MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new IOException(String.join(" ", command) + " took more than " + MOST_MINUTES + " minutes");
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": "
                    + Files.readString(log).strip());
        }
        return new Measurement(seconds, peak);
    }

    /** The high-water mark that Linux keeps for a process, asked every 10 ms; 0 on other systems. */
    private static long peak(Path status) {
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        } catch (IOException e) {
            return 0; // no such system, or the process has just ended
        }
        return 0;
    }
}
