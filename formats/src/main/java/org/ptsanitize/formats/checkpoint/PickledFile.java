package org.ptsanitize.formats.checkpoint;

import java.util.List;

/** What the reader of one file found in it, where that is pickles, or members that are. */
final class PickledFile implements Checkpoint {
    private final Container container;
    private final String writer;
    private final List<Member> members;
    private final List<Member> outside;
    private final List<String> notes;
    private List<PickledPart> parts;

    PickledFile(Container container, String writer, List<PickledPart> parts, List<String> notes) {
        this(container, writer, parts, List.of(), List.of(), notes);
    }

    PickledFile(
            Container container,
            String writer,
            List<PickledPart> parts,
            List<Member> members,
            List<Member> outside,
            List<String> notes) {
        this.container = container;
        this.writer = writer;
        this.parts = List.copyOf(parts);
        this.members = List.copyOf(members);
        this.outside = List.copyOf(outside);
        this.notes = List.copyOf(notes);
    }

    @Override
    public Container container() {
        return container;
    }

    @Override
    public String writer() {
        return writer;
    }

    @Override
    public List<PickledPart> parts() {
        return parts;
    }

    @Override
    public void forgetPickles() {
        parts = List.of();
        members.forEach(member -> member.checkpoint().forgetPickles());
        outside.forEach(member -> member.checkpoint().forgetPickles());
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public List<Member> outside() {
        return outside;
    }

    @Override
    public List<String> notes() {
        return notes;
    }
}
