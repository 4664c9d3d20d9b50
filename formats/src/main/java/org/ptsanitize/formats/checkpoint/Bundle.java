package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A file that holds checkpoints as members: each is under its own name. */
final class Bundle implements Checkpoint {
    private final Container container;
    private final List<Member> members;
    private final List<String> notes;

    Bundle(Container container, List<Member> members, List<String> ownNotes) {
        this.container = container;
        this.members = List.copyOf(members);
        this.notes = List.copyOf(ownNotes);
    }

    @Override
    public Container container() {
        return container;
    }

    @Override
    public String writer() {
        return members.size() == 1 ? members.get(0).checkpoint().writer() : "";
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public List<PickledPart> parts() {
        return parts(members);
    }

    /** The pickles of members, each under a name that tells its member. */
    static List<PickledPart> parts(List<Member> members) {
        List<PickledPart> parts = new ArrayList<>();
        for (Member member : members) {
            for (PickledPart part : member.checkpoint().parts()) {
                parts.add(part.within(member.name()));
            }
        }
        return parts;
    }

    @Override
    public void forgetPickles() {
        for (Member member : members) {
            member.checkpoint().forgetPickles();
        }
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() throws IOException {
        for (Member member : members) {
            member.checkpoint().close();
        }
    }
}
