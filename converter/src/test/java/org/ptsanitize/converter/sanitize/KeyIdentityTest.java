package org.ptsanitize.converter.sanitize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

class KeyIdentityTest {
    @Test
    void numbersOfOneValueAreOneKey() throws IOException {
        assertEquals(KeyIdentity.of(new Int(1)), KeyIdentity.of(new Real(1.0)));
        assertEquals(KeyIdentity.of(new Int(1)), KeyIdentity.of(Bool.TRUE));
        assertEquals(KeyIdentity.of(new Real(-0.0)), KeyIdentity.of(Bool.FALSE));
        assertNotEquals(KeyIdentity.of(new Int(1)), KeyIdentity.of(new Text("1")));
    }

    @Test
    void tuplesOfOneContentAreOneKey() throws IOException {
        assertEquals(
                KeyIdentity.of(tuple(new Int(1), tuple(new Text("a")))),
                KeyIdentity.of(tuple(Bool.TRUE, tuple(new Text("a")))));
        assertNotEquals(KeyIdentity.of(tuple(new Int(1))), KeyIdentity.of(tuple(new Int(1), new Int(1))));
        assertNotEquals(KeyIdentity.of(tuple(new Int(1))), KeyIdentity.of(new Int(1)));
    }

    @Test
    void aSizeIsTheTupleOfItsNumbers() throws IOException {
        Call size = Call.of(new Global("torch", "Size"), tuple(new Int(2), new Int(3)));
        assertEquals(KeyIdentity.of(tuple(new Int(2), new Int(3))), KeyIdentity.of(size));
    }

    @Test
    void aNanIsOnlyItself() throws IOException {
        Real nan = new Real(Double.NaN);
        assertEquals(KeyIdentity.of(nan), KeyIdentity.of(nan));
        assertNotEquals(KeyIdentity.of(nan), KeyIdentity.of(new Real(Double.NaN)));
    }

    @Test
    void aVeryLongTupleIsOnlyItself() throws IOException {
        Tuple one = Tuple.of(Collections.nCopies(1000, new Int(1)).toArray(PickleValue[]::new));
        assertEquals(KeyIdentity.of(one), KeyIdentity.of(one));
        assertNotEquals(
                KeyIdentity.of(one),
                KeyIdentity.of(Tuple.of(Collections.nCopies(1000, new Int(1)).toArray(PickleValue[]::new))));
    }

    /** Its content is 2 to the power of 60 items: they may not be visited. */
    @Test
    void aTupleThatHoldsTheSameTwiceAtEveryLevelIsOnlyItself() throws IOException {
        Tuple one = tuple(new Int(1));
        for (int level = 0; level < 60; level++) {
            one = tuple(one, one);
        }
        assertEquals(KeyIdentity.of(one), KeyIdentity.of(one));
        assertNotEquals(KeyIdentity.of(one), KeyIdentity.of(tuple(one, one)));
    }

    private static Tuple tuple(PickleValue... items) {
        return Tuple.of(items);
    }
}
