package org.ptsanitize.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPyTorch
class PythonOracleTest {
    private static final byte[] TWO_FLOATS = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};

    @TempDir
    Path folder;

    @Test
    void aHandMadeSafetensorsFileIsReadBack() throws IOException, NoSuchAlgorithmException {
        Path file = safetensors("""
                {"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""");

        JsonObject answer = PythonOracle.loadSafetensors(file);

        String expected = """
                {"tensors": {"w": {"dtype": "float32", "shape": [2, 1], "sha256": "%s"}},
                 "sharing": [], "primitives": {}, "containers": {}, "metadata": {"format": "pt"}, "ok": true}
                """.formatted(sha256(TWO_FLOATS));
        assertEquals(JsonParser.parseString(expected), answer);
    }

    @Test
    void aFileWithAHoleIsRefusedAndTheWorkerGoesOn() throws IOException {
        Path file = safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}");

        JsonObject refused = PythonOracle.loadSafetensors(file);

        assertFalse(refused.get("ok").getAsBoolean());
        assertTrue(refused.get("error").getAsString().startsWith("SafetensorError: "), refused.toString());
        assertTrue(PythonOracle.ask("{\"ping\": true}").contains("\"ok\": true"));
    }

    @Test
    void aPickleThatNamesAFunctionIsRefusedByWeightsOnly() throws IOException {
        Path file = folder.resolve("call.pt");
        Files.write(file, "cos\ngetcwd\n(tR.".getBytes(StandardCharsets.US_ASCII));

        JsonObject refused = PythonOracle.loadPt(file);

        assertFalse(refused.get("ok").getAsBoolean());
        assertTrue(refused.get("error").getAsString().contains("Weights only load failed"), refused.toString());
    }

    private Path safetensors(String header) throws IOException {
        return HandMadeSafetensors.write(folder.resolve("made.safetensors"), header, TWO_FLOATS);
    }

    static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
