package org.ptsanitize.converter.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleTreeTest {
    @Test
    void dotsInNamesAreModules() {
        ModuleTree tree = ModuleTree.of(
                List.of(tensor("a.w", 4), tensor("a.b.w", 8), tensor("a.b.v", 1), tensor("c", 2), tensor("none", 0)));
        assertEquals("(15: a 13 (13: b 9 (9: w 8, v 1), w 4), c 2)", text(tree));
    }

    @Test
    void aModuleWithOneChildIsPassedOver() {
        assertEquals("(9: w 8, v 1)", text(ModuleTree.of(List.of(tensor("a.b.w", 8), tensor("a.b.v", 1)))));
        assertEquals(
                "a.b",
                ModuleTree.of(List.of(tensor("x", 1), tensor("a.b.w", 8), tensor("a.b.v", 1)))
                        .parts()
                        .get(0)
                        .label());
    }

    @Test
    void aTensorAndAModuleOfOneNameStayTwo() {
        assertEquals("(3: a 2, a.b 1)", text(ModuleTree.of(List.of(tensor("a", 2), tensor("a.b", 1)))));
    }

    @Test
    void namesOfAnyDepthMakeTreesOfSomeDepth() {
        ModuleTree tree = ModuleTree.of(List.of(tensor("a.".repeat(1_000_000), 1), tensor(".", 2)));
        assertEquals(3, tree.bytes());
        assertEquals(2, tree.parts().size());
    }

    @Test
    void theSmallestOfManyTensorsAreOneLeaf() {
        List<OutputTensor> tensors = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            tensors.add(tensor("m.t" + i, 5_000 - i));
        }
        ModuleTree tree = ModuleTree.of(tensors);
        assertEquals(2_001, tree.parts().size());
        assertEquals("smaller tensors, F32", tree.parts().get(0).label());
        assertEquals(5_000L * 5_001 / 2, tree.bytes());
    }

    private static OutputTensor tensor(String name, long bytes) {
        return new OutputTensor(name, name, "F32", List.of(bytes), bytes, "");
    }

    private static String text(ModuleTree tree) {
        StringBuilder text = new StringBuilder("(" + tree.bytes() + ": ");
        for (ModuleTree part : tree.parts()) {
            text.append(part.label()).append(' ').append(part.bytes());
            text.append(part.parts().isEmpty() ? ", " : " " + text(part) + ", ");
        }
        return text.substring(0, text.length() - 2) + ")";
    }
}
