// Mathematics as a list of tokens. It is no parser: it makes spellings of one formula equal (white space,
// \left, \dfrac, dollar signs, superfluous braces, typographic signs), and it never fails.

/// A text of mathematics as tokens: spellings of the same formula give the same list.
struct FormulaTokens: Sendable {
    /// Numbers, words, names of commands without their backslash, and signs.
    private(set) var tokens: [String] = []

    private let text: [Unicode.Scalar]
    private var position = 0
    /// For each open brace: its place in `tokens`, nil when it is left out; and the arguments that were
    /// still awaited before it.
    private var groups: [(place: Int?, awaited: Int)] = []
    /// Arguments of a fraction or root that are still to come: without braces, each is one sign.
    private var awaitedArguments = 0

    /// Reads `text`; takes time proportional to its length.
    init(_ text: String) {
        self.text = Array(text.unicodeScalars)
        while position < self.text.count { readNext() }
        dropOuterBraces()
    }

    private func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
        position + offset < text.count ? text[position + offset] : nil
    }

    private mutating func append(_ token: String) {
        tokens.append(token)
        awaitedArguments = max(0, awaitedArguments - 1)
    }

    private mutating func readNext() {
        guard let next = FormulaSpelling.plain(text[position]) else {
            position += 1
            return
        }
        switch next {
        case "\\": readCommand()
        case "0"..."9": readNumber()
        case ".":
            if let digit = scalar(1), isDigit(digit) { readNumber() } else { take(".") }
        case "{": open()
        case "}": close()
        default:
            if isLatin(next) {
                readWord()
            } else if let names = FormulaSpelling.names[next] {
                position += 1
                names.forEach { append($0) }
            } else {
                readSign(next)
            }
        }
    }

    private mutating func take(_ token: String, length: Int = 1) {
        position += length
        append(token)
    }

    /// Two characters that are one sign, or one.
    private mutating func readSign(_ sign: Unicode.Scalar) {
        guard let second = scalar(1),
            let token = FormulaSpelling.pairs[String(sign) + String(second)]
        else {
            take(String(sign))
            return
        }
        take(token, length: 2)
    }

    private mutating func readWord() {
        let start = position
        while let next = scalar(), isLatin(next), awaitedArguments == 0 || position == start {
            position += 1
        }
        append(string(start..<position))
    }

    /// Digits, with marks of thousands left out: `1,000`, `1{,}000`, `1\,000`, `1,\!000`.
    private mutating func readNumber() {
        var digits = ""
        func isFull(_ digits: String) -> Bool { awaitedArguments > 0 && digits.count == 1 }
        while !isFull(digits), let next = scalar().flatMap(FormulaSpelling.plain), isDigit(next) {
            digits.unicodeScalars.append(next)
            position += 1
        }
        if awaitedArguments == 0, (1...3).contains(digits.count) {
            while let group = nextThousands() { digits += group }
        }
        let whole = digits.drop { $0 == "0" }
        var number = whole.isEmpty ? "0" : String(whole)
        if awaitedArguments == 0, scalar() == ".", let first = scalar(1), isDigit(first) {
            let start = position
            position += 1
            while let next = scalar(), isDigit(next) { position += 1 }
            number += string(start..<position)
        }
        append(number)
    }

    /// The next three digits of a number, after a mark of thousands.
    private mutating func nextThousands() -> String? {
        for mark in FormulaSpelling.thousands {
            let start = position + mark.count
            let end = start + 3
            guard end <= text.count, text[position..<start].elementsEqual(mark),
                text[start..<end].allSatisfy(isDigit), end == text.count || !isDigit(text[end])
            else { continue }
            position = end
            return string(start..<end)
        }
        return nil
    }

    /// A backslash with a name, or with the one sign that it escapes.
    private mutating func readCommand() {
        let start = position + 1
        position = start
        while let next = scalar(), isLatin(next) { position += 1 }
        guard position > start else {
            guard let sign = scalar() else { return }
            position += 1
            if !FormulaSpelling.leftOutSigns.contains(sign) { append("\\" + String(sign)) }
            return
        }
        let name = string(start..<position)
        if FormulaSpelling.leftOut.contains(name) {
            // The empty delimiter.
            if name == "left" || name == "right", scalar() == "." { position += 1 }
        } else if FormulaSpelling.wrappers.contains(name) {
            skipSpaces()
            if scalar() == "{" { open(isLeftOut: true) }
        } else {
            append(FormulaSpelling.equal[name] ?? name)
            skipSpaces()
            switch FormulaSpelling.equal[name] ?? name {
            case "frac": awaitedArguments = 2
            case "sqrt" where scalar() != "[": awaitedArguments = 1
            default: break
            }
        }
    }

    private mutating func skipSpaces() {
        while let next = scalar(), next.properties.isWhitespace { position += 1 }
    }

    private mutating func open(isLeftOut: Bool = false) {
        position += 1
        groups.append((isLeftOut ? nil : tokens.count, awaitedArguments))
        awaitedArguments = 0
        if !isLeftOut { tokens.append("{") }
    }

    private mutating func close() {
        position += 1
        guard let group = groups.popLast() else {
            tokens.append("}")
            return
        }
        awaitedArguments = max(0, group.awaited - 1)
        guard let place = group.place else { return }
        // Braces around one token, or nothing, say nothing.
        if tokens.count - place <= 2 { tokens.remove(at: place) } else { tokens.append("}") }
    }

    private mutating func dropOuterBraces() {
        while tokens.count > 1, tokens.first == "{", tokens.last == "}" {
            var depth = 0
            let end = tokens.firstIndex { token in
                if token == "{" { depth += 1 }
                if token == "}" { depth -= 1 }
                return depth == 0
            }
            guard end == tokens.count - 1 else { return }
            tokens = Array(tokens[1..<tokens.count - 1])
        }
    }

    private func string(_ range: Range<Int>) -> String {
        var string = ""
        string.unicodeScalars.append(
            contentsOf: text[range].lazy.map { FormulaSpelling.plain($0) ?? $0 }
        )
        return string
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic && scalar.value < 0x370
    }
}

/// Which spellings mean the same.
private enum FormulaSpelling {
    /// Commands that only decide how a formula looks.
    static let leftOut: Set = [
        "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
        "biggl", "biggr", "Biggl", "Biggr", "displaystyle", "textstyle", "scriptstyle", "limits",
        "nolimits", "quad", "qquad", "rm", "bf", "it",
    ]
    /// Spaces, and the ends of a formula.
    static let leftOutSigns: Set<Unicode.Scalar> = [
        "!", ",", ";", ":", ">", " ", "\n", "(", ")", "[", "]", "$",
    ]
    /// Commands whose braces say nothing either.
    static let wrappers: Set = [
        "text", "textrm", "textbf", "textit", "textsf", "texttt", "mbox", "mathrm", "mathbf",
        "mathit", "mathsf", "operatorname", "boldsymbol", "boxed", "fbox",
    ]
    static let equal = [
        "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "leq": "le", "leqslant": "le",
        "geq": "ge", "geqslant": "ge", "neq": "ne", "lt": "<", "gt": ">", "cdot": "*",
        "times": "*", "ast": "*", "div": "/", "lbrace": "\\{", "rbrace": "\\}", "cdots": "ldots",
        "dots": "ldots", "lvert": "|", "rvert": "|", "vert": "|", "prime": "'", "colon": ":",
    ]
    static let pairs = ["**": "^", "<=": "le", ">=": "ge", "!=": "ne"]
    static let thousands: [[Unicode.Scalar]] = [
        [","], ["{", ",", "}"], ["\\", ","], [",", "\\", "!"], ["\\", "!"],
    ]
    /// What one character stands for; Greek letters and signs of Unicode.
    static let names: [Unicode.Scalar: [String]] = {
        var names: [Unicode.Scalar: [String]] = [
            "×": ["*"], "·": ["*"], "⋅": ["*"], "∗": ["*"], "÷": ["/"], "≤": ["le"], "≥": ["ge"],
            "≠": ["ne"], "∞": ["infty"], "√": ["sqrt"], "²": ["^", "2"], "³": ["^", "3"],
            "°": ["^", "circ"], "…": ["ldots"], "′": ["'"], "∈": ["in"], "∪": ["cup"],
            "∩": ["cap"],
        ]
        let greek = [
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
            "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau",
            "upsilon", "phi", "chi", "psi", "omega",
        ]
        for (offset, name) in greek.enumerated() {
            guard let letter = Unicode.Scalar(0x3b1 + UInt32(offset)) else { continue }
            names[letter] = [name]
        }
        return names
    }()

    /// `scalar` without its typographic form; nil for what says nothing.
    static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x2212, 0x2010...0x2015: "-"
        // Full-width forms of ASCII.
        case 0xff01...0xff5e: Unicode.Scalar(scalar.value - 0xfee0)
        case 0x24, 0x7e, 0x200b...0x200d, 0x2060, 0xfeff: nil
        default: scalar.properties.isWhitespace ? nil : scalar
        }
    }
}
