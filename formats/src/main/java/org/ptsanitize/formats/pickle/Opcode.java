package org.ptsanitize.formats.pickle;

import org.jspecify.annotations.Nullable;

/** Every opcode of pickle protocols 0 to 5, under Python's names. */
enum Opcode {
    MARK('(', 0, Argument.NONE),
    STOP('.', 0, Argument.NONE),
    POP('0', 0, Argument.NONE),
    POP_MARK('1', 1, Argument.NONE),
    DUP('2', 0, Argument.NONE),
    FLOAT('F', 0, Argument.LINE),
    INT('I', 0, Argument.LINE),
    BININT('J', 1, Argument.I4),
    BININT1('K', 1, Argument.U1),
    LONG('L', 0, Argument.LINE),
    BININT2('M', 1, Argument.U2),
    NONE('N', 0, Argument.NONE),
    PERSID('P', 0, Argument.LINE),
    BINPERSID('Q', 1, Argument.NONE),
    REDUCE('R', 0, Argument.NONE),
    STRING('S', 0, Argument.LINE),
    BINSTRING('T', 1, Argument.BYTES_I4),
    SHORT_BINSTRING('U', 1, Argument.BYTES_U1),
    UNICODE('V', 0, Argument.LINE),
    BINUNICODE('X', 1, Argument.TEXT_U4),
    APPEND('a', 0, Argument.NONE),
    BUILD('b', 0, Argument.NONE),
    GLOBAL('c', 0, Argument.TWO_LINES),
    DICT('d', 0, Argument.NONE),
    EMPTY_DICT('}', 1, Argument.NONE),
    APPENDS('e', 1, Argument.NONE),
    GET('g', 0, Argument.LINE),
    BINGET('h', 1, Argument.U1),
    INST('i', 0, Argument.TWO_LINES),
    LONG_BINGET('j', 1, Argument.U4),
    LIST('l', 0, Argument.NONE),
    EMPTY_LIST(']', 1, Argument.NONE),
    OBJ('o', 1, Argument.NONE),
    PUT('p', 0, Argument.LINE),
    BINPUT('q', 1, Argument.U1),
    LONG_BINPUT('r', 1, Argument.U4),
    SETITEM('s', 0, Argument.NONE),
    TUPLE('t', 0, Argument.NONE),
    EMPTY_TUPLE(')', 1, Argument.NONE),
    SETITEMS('u', 1, Argument.NONE),
    BINFLOAT('G', 1, Argument.F8),
    BINBYTES('B', 3, Argument.BYTES_U4),
    SHORT_BINBYTES('C', 3, Argument.BYTES_U1),
    PROTO(0x80, 2, Argument.U1),
    NEWOBJ(0x81, 2, Argument.NONE),
    EXT1(0x82, 2, Argument.U1),
    EXT2(0x83, 2, Argument.U2),
    EXT4(0x84, 2, Argument.I4),
    TUPLE1(0x85, 2, Argument.NONE),
    TUPLE2(0x86, 2, Argument.NONE),
    TUPLE3(0x87, 2, Argument.NONE),
    NEWTRUE(0x88, 2, Argument.NONE),
    NEWFALSE(0x89, 2, Argument.NONE),
    LONG1(0x8a, 2, Argument.INTEGER_U1),
    LONG4(0x8b, 2, Argument.INTEGER_I4),
    SHORT_BINUNICODE(0x8c, 4, Argument.TEXT_U1),
    BINUNICODE8(0x8d, 4, Argument.TEXT_U8),
    BINBYTES8(0x8e, 4, Argument.BYTES_U8),
    EMPTY_SET(0x8f, 4, Argument.NONE),
    ADDITEMS(0x90, 4, Argument.NONE),
    FROZENSET(0x91, 4, Argument.NONE),
    NEWOBJ_EX(0x92, 4, Argument.NONE),
    STACK_GLOBAL(0x93, 4, Argument.NONE),
    MEMOIZE(0x94, 4, Argument.NONE),
    FRAME(0x95, 4, Argument.U8),
    BYTEARRAY8(0x96, 5, Argument.BYTES_U8),
    NEXT_BUFFER(0x97, 5, Argument.NONE),
    READONLY_BUFFER(0x98, 5, Argument.NONE);

    /**
     * What follows an opcode's byte. Numbers are little-endian ({@code U}: unsigned, {@code I}: signed) but the float;
     * {@code BYTES}, {@code TEXT} and {@code INTEGER} are a length of the named kind and that many bytes.
     */
    enum Argument {
        NONE,
        U1,
        U2,
        I4,
        U4,
        U8,
        F8,
        LINE,
        TWO_LINES,
        BYTES_U1,
        BYTES_I4,
        BYTES_U4,
        BYTES_U8,
        TEXT_U1,
        TEXT_U4,
        TEXT_U8,
        INTEGER_U1,
        INTEGER_I4
    }

    private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[256];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final int protocol;
    private final Argument argument;

    Opcode(int code, int protocol, Argument argument) {
        this.code = code;
        this.protocol = protocol;
        this.argument = argument;
    }

    /** The byte, 0 to 255. */
    int code() {
        return code;
    }

    /** The first protocol that has this opcode. */
    int protocol() {
        return protocol;
    }

    Argument argument() {
        return argument;
    }

    /** The opcode of a byte from 0 to 255, or null if there is none. */
    static @Nullable Opcode of(int code) {
        return BY_CODE[code];
    }
}
