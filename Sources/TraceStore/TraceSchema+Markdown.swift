internal import HDF5

extension TraceSchema {
    /// The schema as a page for readers of the file: every dataset with type, unit and meaning, and how
    /// to read text and tokens in Python.
    public static var markdown: String {
        introduction + tables.map(section).joined() + example
    }

    private static var introduction: String {
        """
        # The trace file, schema version \(version)

        One HDF5 file holds a run. Each table is a group, each column a dataset with one element per
        row; its unit and description are attributes, except in the segments of a run that is not packed.
        HDF5 cannot write strings of different lengths in parallel, so text is stored flat: `X_first` and
        `X_count` say which bytes of the table's `text` are the `X` of a row. In the same way
        `turn_first` and `turn_count` of an episode say which rows of `/turns` are its own, and so on.
        Names of coded values are in the HDF5 enumeration type.
        `crc32` is the checksum of its elements, `zlib.crc32(dataset[...].tobytes())` in Python, which
        `deepmath-report verify` checks; files of version 1 have a `digest` in its place.
        Files of earlier versions are read as well; what they lack counts as 0.

        What the run was is in the root's attributes: resolved configuration, versions, hashes, hosts.
        Rows are in (problem, sample) order, whatever the number of ranks was. A run that is not finished
        has the same layout in each of `segments/*.h5`, a training run in `steps/*.h5`; there `/groups` is
        empty, and only the first segment of each start has `/problems` and `/hosts`.


        """
    }

    private static func section(_ table: any TableDeclaration) -> String {
        let rows = table.datasets.map { dataset in
            let column = dataset.column
            let type = column.names.map { "enum: " + $0.joined(separator: ", ") }
            return "| `\(column.name)` | \(type ?? column.type.name) | "
                + "\(column.unit == "1" ? "" : column.unit) | \(column.description)"
                + (column.firstVersion > 1 ? "; from version \(column.firstVersion) on" : "")
                + " |\n"
        }
        return "## /\(table.name)\n\n\(table.description).\n\n"
            + "| dataset | type | unit | meaning |\n|---|---|---|---|\n" + rows.joined() + "\n"
    }

    private static var example: String {
        """
        ## In Python

        ```python
        import sys
        import h5py

        with h5py.File(sys.argv[1]) as traces:
            problems, episodes, turns = traces["problems"], traces["episodes"], traces["turns"]

            def text(table, column, row):
                first, count = (table[f"{column}_{part}"][row] for part in ("first", "count"))
                return table["text"][first:first + count].tobytes().decode()

            roles = {code: name for name, code in h5py.check_enum_dtype(turns["role"].dtype).items()}
            row = len(episodes["reward"]) - 1
            print(text(problems, "statement", episodes["problem_index"][row]))
            first = episodes["turn_first"][row]
            for turn in range(first, first + episodes["turn_count"][row]):
                print(f"[{roles[turns['role'][turn]]}] {text(turns, 'content', turn)}")
            first = episodes["token_first"][row]
            tokens = slice(first, first + episodes["token_count"][row])
            sampled = traces["tokens/loss_mask"][tokens] == 1
            print(len(sampled), "tokens,", sampled.sum(), "of them sampled")
        ```

        With pandas, every column of a table that has one number per row:

        ```python
        import sys
        import h5py
        import pandas

        with h5py.File(sys.argv[1]) as traces:
            table = {name: column[()] for name, column in traces["episodes"].items() if name != "text"}
        frame = pandas.DataFrame(table)
        print(frame.groupby("problem_index")["sampled_token_count"].mean().round(1).to_string())
        ```

        """
    }
}

extension ElementType {
    /// How readers call it.
    fileprivate var name: String {
        switch self {
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .uint8: "uint8"
        case .uint64: "uint64"
        case .float: "float32"
        case .double: "float64"
        }
    }
}
