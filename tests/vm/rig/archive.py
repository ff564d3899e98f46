"""A cpio archive in the form that the kernel unpacks as its first root: "newc", see its initramfs documentation."""

import stat


def _member(name, mode, content, number):
    fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return head + b"\0" * (-len(head) % 4) + content + b"\0" * (-len(content) % 4)


def pack(folders, files):
    """The bytes of an archive: names of folders, and {name: (content, executable)}."""
    members = [(name, stat.S_IFDIR | 0o755, b"") for name in folders]
    members += [(name, stat.S_IFREG | (0o755 if executable else 0o644), content)
                for name, (content, executable) in sorted(files.items())]
    packed = [_member(name, mode, content, number) for number, (name, mode, content) in enumerate(members, 1)]
    return b"".join(packed) + _member("TRAILER!!!", 0, b"", 0)
