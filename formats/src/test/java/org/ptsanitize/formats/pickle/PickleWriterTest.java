package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.u4;
import static org.ptsanitize.formats.pickle.Pickles.u8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.pickle.PickleValue.Text;

class PickleWriterTest {
    /** Something written. */
    private interface Steps {
        void to(PickleWriter writer) throws IOException;
    }

    private static byte[] written(Steps steps) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PickleWriter writer = new PickleWriter(out);
        steps.to(writer);
        writer.flush();
        assertEquals(out.size(), writer.position());
        return out.toByteArray();
    }

    private static void assertWrites(byte[] expected, Steps steps) throws IOException {
        assertArrayEquals(expected, written(steps));
    }

    @Test
    void aPickleAnnouncesProtocol2AndStops() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PickleWriter writer = new PickleWriter(out);
        writer.proto();
        writer.none();
        writer.stop();
        assertArrayEquals(bytes(0x80, 2, "N."), out.toByteArray());
    }

    @Test
    void constantsAreSingleOpcodes() throws IOException {
        assertWrites(bytes("N", 0x88, 0x89), w -> {
            w.none();
            w.bool(true);
            w.bool(false);
        });
    }

    @Test
    void integersTakeTheirShortestForm() throws IOException {
        assertWrites(bytes("K", 0), w -> w.integer(0));
        assertWrites(bytes("K", 255), w -> w.integer(255));
        assertWrites(bytes("M", 0, 1), w -> w.integer(256));
        assertWrites(bytes("M", 255, 255), w -> w.integer(65535));
        assertWrites(bytes("J", u4(65536)), w -> w.integer(65536));
        assertWrites(bytes("J", u4(-1)), w -> w.integer(-1));
        assertWrites(bytes("J", u4(Integer.MIN_VALUE)), w -> w.integer(Integer.MIN_VALUE));
        assertWrites(bytes(0x8a, 5, u4(0x8000_0000L), 0), w -> w.integer(0x8000_0000L));
        assertWrites(bytes(0x8a, 5, u4(0x7fff_ffffL), 0xff), w -> w.integer(Integer.MIN_VALUE - 1L));
        assertWrites(bytes(0x8a, 8, u8(Long.MIN_VALUE)), w -> w.integer(Long.MIN_VALUE));
        assertWrites(bytes("K", 7), w -> w.integer(BigInteger.valueOf(7)));
        assertWrites(bytes(0x8a, 9, u8(0), 1), w -> w.integer(BigInteger.ONE.shiftLeft(64)));
    }

    @Test
    void anIntegerOfMoreThan255BytesIsAnArgumentError() throws IOException {
        BigInteger largest = BigInteger.ONE.shiftLeft(255 * 8 - 1).subtract(BigInteger.ONE);
        assertEquals(257, written(w -> w.integer(largest)).length);
        assertEquals(
                "an integer of 256 bytes, at most 255 fit in a protocol-2 pickle",
                assertThrows(IllegalArgumentException.class, () -> written(w -> w.integer(largest.add(BigInteger.ONE))))
                        .getMessage());
    }

    @Test
    void floatsAreBigEndianAndKeepTheirBits() throws IOException {
        assertWrites(bytes("G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0), w -> w.real(1.5));
        assertWrites(
                bytes("G", 0x7f, 0xf8, 0, 0, 0, 0, 0, 1), w -> w.real(Double.longBitsToDouble(0x7ff8_0000_0000_0001L)));
    }

    @Test
    void textsAreUtf8WithUnpairedSurrogates() throws IOException {
        assertWrites(bytes("X", u4(0)), w -> w.text(""));
        assertWrites(
                bytes("X", u4(10), "a", 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80),
                w -> w.text("a\u00e9\u20ac\ud83d\ude00"));
        assertWrites(bytes("X", u4(4), 0xed, 0xa0, 0x80, "b"), w -> w.text("\ud800b"));
    }

    @Test
    void textsLargerThanTheBufferStreamThrough() throws IOException {
        String large = "\u20ac".repeat(100_000);
        byte[] pickle = written(w -> {
            w.text(large);
            w.stop();
        });
        assertEquals(new Text(large), Pickles.read(pickle, Pickles.smallHeap()).root());
    }

    @Test
    void containersAndCallsAreTheirOpcodes() throws IOException {
        assertWrites(bytes(")", 0x85, 0x86, 0x87, "(t]ae}su", 0x8f, "Rb", 0x81, "Q"), w -> {
            w.emptyTuple();
            w.tuple1();
            w.tuple2();
            w.tuple3();
            w.mark();
            w.tuple();
            w.emptyList();
            w.append();
            w.appends();
            w.emptyDict();
            w.setItem();
            w.setItems();
            w.emptySet();
            w.reduce();
            w.build();
            w.newObject();
            w.persistentId();
        });
    }

    @Test
    void globalsAreTwoLines() throws IOException {
        assertWrites(bytes("ctorch\nSize\n"), w -> w.global("torch", "Size"));
        assertWrites(
                bytes("c", 0xc3, 0xa9, "\n", 0xf0, 0x9f, 0x98, 0x80, "\n"), w -> w.global("\u00e9", "\ud83d\ude00"));
        for (String name : new String[] {"a\nb", "\ud800", "a\udc00"}) {
            assertEquals(
                    "a global's name with a line end or an unpaired surrogate",
                    assertThrows(IllegalArgumentException.class, () -> written(w -> w.global("torch", name)))
                            .getMessage());
        }
    }

    @Test
    void memoIndexesTakeTheirShortestForm() throws IOException {
        assertWrites(bytes("q", 255, "r", u4(256), "h", 0, "j", u4(70000)), w -> {
            w.put(255);
            w.put(256);
            w.get(0);
            w.get(70000);
        });
        assertEquals(
                "a negative memo index: -1",
                assertThrows(IllegalArgumentException.class, () -> written(w -> w.get(-1)))
                        .getMessage());
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        byte[] pickle = written(w -> {
            w.proto();
            w.emptyDict();
            w.put(0);
            w.mark();
            w.text("a");
            w.emptyList();
            w.integer(-5);
            w.append();
            w.text("self");
            w.get(0);
            w.tuple1();
            w.setItems();
            w.global("collections", "OrderedDict");
            w.emptyTuple();
            w.reduce();
            w.tuple2();
            w.stop();
        });
        PickleValue.Tuple pair =
                (PickleValue.Tuple) Pickles.read(pickle, Pickles.smallHeap()).root();
        PickleValue.Dict dict = (PickleValue.Dict) pair.get(0);
        assertEquals("[-5]", Pickles.show(dict.entries().value(0)));
        assertEquals(dict, ((PickleValue.Tuple) dict.entries().value(1)).get(0));
        assertEquals("REDUCE@58 <collections OrderedDict>()", Pickles.show(pair.get(1)));
    }
}
