package org.ptsanitize.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Holds documents against the published schemas, which lie among the resources; nothing is fetched. */
final class Schemas {
    private static final String SARIF = "sarif-2.1.0.json";
    private static final String CYCLONE = "bom-1.6.schema.json";

    private Schemas() {}

    /** The document is a SARIF 2.1.0 log. */
    static void assertSarif(String document) {
        assertValid(SARIF, document);
    }

    /** The document is a CycloneDX 1.6 bill of materials. */
    static void assertCycloneDx(String document) {
        assertValid(CYCLONE, document);
    }

    static boolean isSarif(String document) {
        return errors(SARIF, document).isEmpty();
    }

    private static void assertValid(String schema, String document) {
        assertEquals(List.of(), errors(schema, document), document);
    }

    private static List<String> errors(String schema, String document) {
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new GsonNode.Factory())
                .withSchemaResolver(Schemas::resolve)
                .createValidator();
        URI uri = validator.registerSchema(text(schema));
        return validator.validate(uri, document).getErrors().stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getError())
                .toList();
    }

    private static SchemaResolver.Result resolve(String uri) {
        String name = uri.substring(uri.lastIndexOf('/') + 1).replace(".SNAPSHOT", "");
        return Schemas.class.getResource("/schemas/" + name) == null
                ? SchemaResolver.Result.empty()
                : SchemaResolver.Result.fromString(text(name));
    }

    private static String text(String name) {
        try (InputStream in = Schemas.class.getResourceAsStream("/schemas/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
