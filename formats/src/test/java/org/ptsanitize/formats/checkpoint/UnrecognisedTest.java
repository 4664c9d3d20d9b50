package org.ptsanitize.formats.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Scratch;

/** What is no checkpoint is named for what it is, in one line that says what to do. */
class UnrecognisedTest {
    private static final String THERE = "convert it with that framework's own tools";
    private static final String ONE = "name a checkpoint file";

    static Stream<Arguments> files() {
        return Stream.of(
                file("", "an empty file; download or save it again"),
                file(
                        "<!DOCTYPE html><html>",
                        "an HTML or XML page, perhaps the error page of a failed download; download the file again"),
                file(
                        "\n<?xml version='1.0'?><Error>",
                        "an HTML or XML page, perhaps the error page of a failed download; download the file again"),
                file(
                        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n",
                        "a git-LFS pointer, not the file itself; fetch the file with 'git lfs pull'"),
                other("{\"error\": 404}", "a JSON document", ONE),
                other("[1, 2]", "a JSON document", ONE),
                other("#!/bin/sh\n", "a text", ONE),
                other("\u0004\0\0\0\u0001\0\0\0\u0003\0\0\0V 1\r\0\0\0nn.Sequential", "a Torch7 file (Lua)", THERE),
                other("4\n1\n3\nV 1\n13\nnn.Sequential\n", "a Torch7 file (Lua)", THERE),
                other("\u0089HDF\r\n\u001a\n", "an HDF5 file (Keras)", THERE),
                other("\u0008\u0001\u0012\u00f0\u0005\n\u0003", "a TensorFlow model", THERE),
                other("\n\u001f\n\u0005input\u0012\u000bPlaceholder", "a TensorFlow or Caffe model", THERE),
                other("\u001c\0\0\0TFL3\0\0", "a TensorFlow Lite model", THERE),
                other("\u0008\u0007\u0012\u0007pytorch\u001a", "an ONNX model", THERE),
                other("GGUF\u0003\0\0\0", "a GGUF model", THERE),
                other("\u0081\u00a6params\u0082", "a MessagePack file (Flax)", THERE),
                other("\u0088\u00a4step\u0001", "a MessagePack file (Flax)", THERE),
                other("\u0089PNG\r\n\u001a\n", "a PNG picture", ONE),
                other("RIFF\0\0\0\0WEBPVP8 ", "a WebP picture", ONE),
                other("(\u00b5/\u00fd$", "zstd-compressed", "unpack it with 'zstd -d' and convert what is inside"),
                other("\u0018\0\0\0PTMF", "a mobile TorchScript flatbuffer", "save a state_dict instead"),
                other("\0\0\0\0\0\0\0\0", "a file that begins with zeros", "download the file again"),
                file(
                        "This is a note on the weights.\n",
                        "a text, or a damaged pickle of protocol 0 (truncated: BINSTRING needs 544434536 bytes at byte 5,"
                                + " the data ends at byte 31), not a PyTorch checkpoint; name a checkpoint file"),
                file(
                        "\u00de\u00ad\u00be\u00ef",
                        "neither a zip, a pickle nor a safetensors file, so not a PyTorch checkpoint; " + ONE));
    }

    private static Arguments file(String bytes, String message) {
        return Arguments.of(bytes, message);
    }

    private static Arguments other(String bytes, String what, String advice) {
        return Arguments.of(bytes, what + ", not a PyTorch checkpoint; " + advice);
    }

    @ParameterizedTest
    @MethodSource("files")
    void itIsNamedForWhatItIs(String bytes, String message) throws IOException {
        byte[] content = bytes.getBytes(StandardCharsets.ISO_8859_1);
        try (ByteSource source = MemorySource.of("file", content);
                Scratch scratch = Scratch.of(content.length, Limits.defaults())) {
            NotACheckpointException error = assertThrows(
                    NotACheckpointException.class,
                    () -> Checkpoints.open(source, scratch, new Budget(Limits.defaults())));
            assertEquals(message, error.getMessage());
        }
    }
}
