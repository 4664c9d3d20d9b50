package org.ptsanitize.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

@NeedsPyTorch
class PythonOracleProperties {
    @Property(tries = 50)
    void theDigestIsThatOfTheBytesInTheFile(@ForAll byte[] data) throws IOException, NoSuchAlgorithmException {
        String header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[%1$d],\"data_offsets\":[0,%1$d]}}".formatted(data.length);
        Path file = Files.createTempFile("made", ".safetensors");
        try {
            HandMadeSafetensors.write(file, header, data);

            JsonObject answer = PythonOracle.loadSafetensors(file);

            JsonObject tensor = answer.getAsJsonObject("tensors").getAsJsonObject("w");
            assertEquals(PythonOracleTest.sha256(data), tensor.get("sha256").getAsString());
        } finally {
            Files.delete(file);
        }
    }
}
