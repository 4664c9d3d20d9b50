package org.ptsanitize.endtoend;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.ptsanitize.formats.safetensors.SafetensorsType;
import org.ptsanitize.formats.tensor.DType;

/** A tensor as a manifest or a reader describes it: type, shape and SHA-256 of its elements, little-endian in C order. */
record Facts(String dtype, List<Long> shape, String sha256) {
    static Facts of(JsonElement element) {
        JsonObject json = element.getAsJsonObject();
        List<Long> shape = new ArrayList<>();
        json.getAsJsonArray("shape").forEach(size -> shape.add(size.getAsLong()));
        return new Facts(
                json.get("dtype").getAsString(), shape, json.get("sha256").getAsString());
    }

    static Facts of(String dtype, long[] shape, ByteBuffer bytes) {
        List<Long> sizes = new ArrayList<>();
        for (long size : shape) {
            sizes.add(size);
        }
        return new Facts(dtype, sizes, sha256(bytes));
    }

    static Facts ofDouble(double value) {
        return of("float64", new long[0], eight().putDouble(value).flip());
    }

    static Facts ofLong(long value) {
        return of("int64", new long[0], eight().putLong(value).flip());
    }

    private static ByteBuffer eight() {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    }

    static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The same elements as a safetensors file has to hold them. */
    Facts inSafetensors() {
        return switch (dtype) {
            case "complex128" -> split("F64");
            case "complex32" -> split("F16");
            case "bits16" -> split("U8");
            case "bits8", "bits1x8", "bits2x4", "bits4x2", "quint8" -> new Facts("U8", shape, sha256);
            case "quint4x2", "quint2x4" -> new Facts("U8", List.of(), sha256);
            case "qint8" -> new Facts("I8", shape, sha256);
            case "qint32" -> new Facts("I32", shape, sha256);
            case "float4_e2m1fn_x2" -> {
                List<Long> twice = new ArrayList<>(shape);
                twice.set(shape.size() - 1, 2 * shape.get(shape.size() - 1));
                yield new Facts("F4", twice, sha256);
            }
            default ->
                new Facts(
                        SafetensorsType.of(DType.ofTorchName(dtype).orElseThrow())
                                .orElseThrow()
                                .name(),
                        shape,
                        sha256);
        };
    }

    private Facts split(String type) {
        List<Long> longer = new ArrayList<>(shape);
        longer.add(2L);
        return new Facts(type, longer, sha256);
    }
}
