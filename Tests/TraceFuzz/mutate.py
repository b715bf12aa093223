#!/usr/bin/env python3
"""Makes run directories with one damaged trace file each.

    mutate.py BASE OUT SEED FIRST COUNT

BASE holds whole runs (packed, segments, steps, unfinished). Input i of FIRST ... FIRST + COUNT - 1 becomes
OUT/i, a copy of one of them in which one file is changed: shapes, types and values of datasets and
attributes, links, layouts, bits. A line says what was done: "i run/file: change; change". The same seed and
number give the same input.
"""

import os
import pathlib
import random
import shutil
import sys

import h5py
import numpy as np

INTEGERS = [0, 1, -1, 2, 255, 2**31 - 1, 2**31, -(2**31), 2**40, 2**53, 2**62, 2**63 - 1, -(2**63)]
REALS = [0.0, -0.0, 1.0, -1.0, 1e300, -1e300, 5e-324, float("inf"), float("-inf"), float("nan"), 1e18]
LENGTHS = [0, 1, 2, 3, 7, 1000]


def any_array(random_, count):
    """An array of some type and `count` elements."""
    kind = random_.randrange(10)
    if kind == 0:
        return np.array([random_.choice(INTEGERS) for _ in range(count)], dtype="<i8")
    if kind == 1:
        return np.array([random_.choice(REALS) for _ in range(count)], dtype="<f8")
    if kind == 2:
        return np.array([b"text"] * count, dtype="S%d" % random_.choice([1, 4, 60000]))
    if kind == 3:
        return np.array(["größer"] * count, dtype=h5py.string_dtype())
    if kind == 4:
        return np.zeros(count, dtype=[("a", "<i4"), ("b", "<f8")])
    if kind == 5:
        return np.zeros(count, dtype=random_.choice(["u1", "i1", "<u2", ">i4", ">i8", "<f2", ">f8", "<u8"]))
    if kind == 6:
        return np.zeros((count, 3), dtype=random_.choice(["<i4", "<i8", "<f8", "u1"]))
    if kind == 7:
        return np.zeros(count, dtype=h5py.enum_dtype({"a": 0, "b": 250}, basetype="u1"))
    if kind == 8:
        return np.zeros(count, dtype=h5py.enum_dtype({"a": -1, "b": 1}, basetype="<i4"))
    return np.zeros(count, dtype=[("a", "<i4", (2, 2))])


def datasets(file):
    found = []
    file.visititems(lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None)
    return sorted(found)


def change_attribute(file, random_):
    target = file if random_.random() < 0.6 else file[random_.choice(datasets(file))]
    names = sorted(target.attrs)
    name = random_.choice(names) if names else "crc32"
    if name in target.attrs:
        del target.attrs[name]
    kind = random_.randrange(7)
    if kind == 0:
        value = random_.choice(INTEGERS)
        target.attrs.create(name, value, dtype="<i8")
    elif kind == 1:
        value = random_.choice(REALS)
        target.attrs.create(name, value)
    elif kind == 2:
        value = h5py.Empty(random_.choice(["<i8", "<f8", "S4"]))
        target.attrs.create(name, value)
    elif kind == 3:
        value = "x" * random_.choice([0, 1, 5000])
        target.attrs.create(name, value)
    elif kind == 4:
        value = "left out"
    else:
        value = any_array(random_, random_.choice(LENGTHS))
        if value.nbytes > 60000:
            value = value[:1]
        target.attrs.create(name, value)
    return f"{target.name}@{name} = {str(value)[:40]!r}"


def change_values(file, random_):
    name = random_.choice(datasets(file))
    data = file[name]
    if data.shape is None or len(data.shape) != 1 or data.shape[0] == 0 or data.dtype.kind not in "iuf":
        return f"{name}: unchanged"
    pool = REALS if data.dtype.kind == "f" else INTEGERS + list(range(-3, 40))
    if data.dtype.kind in "iu":
        bounds = np.iinfo(data.dtype)
        pool = [value for value in pool if bounds.min <= value <= bounds.max]
    count = random_.choice([1, 1, 2, data.shape[0]])
    same = random_.choice(pool)
    for _ in range(count):
        data[random_.randrange(data.shape[0])] = same if random_.random() < 0.5 else random_.choice(pool)
    return f"{name}: {count} values such as {same}"


def point_to_all(file, random_):
    """Every row claims all rows of another table, or all text."""
    stems = [name[:-6] for name in datasets(file) if name.endswith("_first") and name[:-6] + "_count" in file]
    stem = random_.choice(stems)
    table = stem.split("/")[0]
    column = stem.split("/")[1]
    others = {"turn": "turns/episode", "tool_call": "tool_calls/episode", "token": "tokens/id"}
    other = others.get(column, table + "/text")
    count = file[other].shape[0] if other in file else 7
    file[stem + "_first"][...] = 0
    file[stem + "_count"][...] = count
    return f"{stem}: 0...{count} in every row"


def change_dataset(file, random_):
    name = random_.choice(datasets(file))
    old = file[name][...]
    length = old.shape[0] if old.shape else 1
    del file[name]
    kind = random_.randrange(12)
    if kind == 0:
        file.create_dataset(name, data=any_array(random_, length))
        what = "another type"
    elif kind == 1:
        file.create_dataset(name, data=old[: random_.choice([0, 1, max(0, length - 1)])])
        what = "shorter"
    elif kind == 2:
        file.create_dataset(name, data=np.concatenate([old, old[:1]]) if length else np.zeros(1, old.dtype))
        what = "longer"
    elif kind == 3:
        file.create_dataset(name, data=old.reshape((1, length)))
        what = "two dimensions"
    elif kind == 4:
        file.create_dataset(name, data=np.zeros((), old.dtype))
        what = "a scalar"
    elif kind == 5:
        file.create_dataset(name, data=h5py.Empty(old.dtype))
        what = "null"
    elif kind == 6:
        file.create_group(name)
        what = "a group"
    elif kind == 7:
        target = random_.choice(["/nowhere", "/" + name, "/episodes/reward", "/tokens"])
        file[name] = h5py.SoftLink(target)
        what = f"a link to {target}"
    elif kind == 8:
        target = random_.choice(["/etc/passwd", "nowhere.h5", "/dev/zero", file.filename])
        file[name] = h5py.ExternalLink(target, "/tokens/id")
        what = f"an external link to {target}"
    elif kind == 9:
        length = random_.choice([2**20, 2**31, 2**40, 2**62])
        file.create_dataset(
            name, shape=(length,), dtype=old.dtype, chunks=(random_.choice([1 << 10, 1 << 24]),)
        )
        what = f"{length} elements that are not there"
    elif kind == 10:
        with open(file.filename + ".raw", "wb") as raw:
            raw.write(b"\1" * 65536)
        file.create_dataset(
            name, shape=(length,), dtype=old.dtype, external=[(file.filename + ".raw", 0, h5py.h5f.UNLIMITED)]
        )
        what = "in another file"
    else:
        what = "left out"
        if random_.random() < 0.5 and length:
            file.create_dataset(
                name, data=old, chunks=(1,), compression="lzf" if random_.random() < 0.5 else "gzip"
            )
            what = "chunks of one element"
    return f"{name}: {what}"


def change_bytes(path, random_):
    data = bytearray(path.read_bytes())
    kind = random_.randrange(6)
    if kind == 0:
        count = random_.choice([1, 1, 1, 8, 200])
        limit = len(data) if random_.random() < 0.5 else min(len(data), 8192)
        for _ in range(count):
            data[random_.randrange(limit)] ^= 1 << random_.randrange(8)
        what = f"{count} bits of the first {limit} bytes"
    elif kind == 1:
        data = data[: random_.randrange(len(data))]
        what = f"cut off at {len(data)}"
    elif kind == 2:
        start = random_.randrange(len(data))
        count = min(random_.choice([8, 512, 4096]), len(data) - start)
        data[start : start + count] = bytes([random_.choice([0, 255])]) * count
        what = f"{count} equal bytes from {start}"
    elif kind == 3:
        start, target = random_.randrange(len(data)), random_.randrange(len(data))
        count = min(512, len(data) - start, len(data) - target)
        data[target : target + count] = data[start : start + count]
        what = f"{count} bytes of {start} at {target}"
    elif kind == 4:
        # The structure has signatures: damage near one is worse than in the middle of numbers.
        marks = [b"OHDR", b"TREE", b"HEAP", b"SNOD", b"GCOL", b"FRHP", b"BTHD", b"\x89HDF", b"OCHK", b"FSHD"]
        places = []
        for mark in marks:
            start = data.find(mark)
            while start >= 0:
                places.append(start)
                start = data.find(mark, start + 1)
        start = random_.choice(places) + random_.randrange(96)
        if start < len(data):
            data[start] = random_.randrange(256)
        what = f"a byte of structure at {start}"
    else:
        data += bytes(random_.randrange(256) for _ in range(100))
        what = "bytes at the end"
    path.write_bytes(data)
    return what


CHANGES = [change_attribute, change_values, point_to_all, change_dataset]


def make(base, out, seed, number):
    random_ = random.Random(f"{seed}/{number}")
    kind = random_.choice(["packed", "segments", "steps", "unfinished"])
    target = out / str(number)
    shutil.copytree(base / kind, target)
    folder = target / "unfinished" if kind == "unfinished" else target
    path = random_.choice(sorted(folder.rglob("*.h5")))
    said = []
    if random_.random() < 0.4:
        said.append(change_bytes(path, random_))
    else:
        for _ in range(random_.choice([1, 1, 2, 3])):
            change = random_.choice(CHANGES)
            try:
                with h5py.File(path, "r+", locking=False) as file:
                    said.append(change(file, random_))
            except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
                said.append(f"{change.__name__} did not work: {str(error)[:60]}")
    place = path.relative_to(target)
    print(f"{number} {kind}/{place}: " + "; ".join(said).replace("\n", " "), flush=True)


def main():
    base, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    seed, first, count = (int(word) for word in sys.argv[3:6])
    os.makedirs(out, exist_ok=True)
    for number in range(first, first + count):
        make(base, out, seed, number)


if __name__ == "__main__":
    main()
