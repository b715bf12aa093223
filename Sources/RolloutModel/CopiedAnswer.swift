/// Tells answers that were copied from the statement.
///
/// A model can box a formula of the statement instead of its value. The verdict does not depend on this;
/// it is counted, and training pays for it what ``RewardRule/copied`` says.
public enum CopiedAnswer {
    /// Whether `answer` stands in `statement` and is not the expected answer's own text.
    ///
    /// All three are compared as tokens: white space, `\left` and `\right`, sizes, spacing commands, dollar
    /// signs, `\text{}`, superfluous braces, `\dfrac` for `\frac`, marks of thousands and Unicode signs for
    /// commands make no difference. Tokens are whole numbers, words and commands: `5` does not stand in `15`
    /// or `5.2`, `n` not in `answer`; and `-5` does not stand in `x-5`.
    ///
    /// Bare numbers and words count like formulas. The expected answer's own text is a text of the same
    /// tokens, a plain number (unit and percent sign aside) of the same value, and for a choice every text that
    /// begins with its letter.
    ///
    /// - Parameters:
    ///   - answer: the text in the box; empty for none.
    ///   - statement: of the problem.
    ///   - gold: the expected answer.
    /// - Returns: whether it is a copy.
    public static func isCopied(_ answer: String, from statement: String, gold: String) -> Bool {
        let answer = trimmed(FormulaTokens(answer).tokens)
        let gold = trimmed(FormulaTokens(gold).tokens)
        guard !answer.isEmpty, answer != gold, !isChoice(answer, of: gold),
            !areEqualNumbers(answer, gold)
        else { return false }
        return stands(answer, in: FormulaTokens(statement).tokens)
    }

    /// Without the punctuation of a sentence at its end.
    private static func trimmed(_ tokens: [String]) -> ArraySlice<String> {
        var rest = tokens[...]
        while let last = rest.last, [".", ",", ";", ":"].contains(last) { rest.removeLast() }
        return rest
    }

    private static func stands(_ answer: ArraySlice<String>, in statement: [String]) -> Bool {
        guard let first = answer.first, answer.count <= statement.count else { return false }
        let isSigned = first == "-" || first == "+"
        return (0...statement.count - answer.count).contains { start in
            guard statement[start] == first else { return false }
            if isSigned, start > 0, isOperand(statement[start - 1]) { return false }
            return statement[start..<start + answer.count].elementsEqual(answer)
        }
    }

    /// Whether a sign after `token` is an operation.
    private static func isOperand(_ token: String) -> Bool {
        if [")", "]", "}", "\\}", "!", "'", "|", "%", "\\%"].contains(token) { return true }
        // The dash of "is -5" does not count.
        return token.first?.isNumber == true || token.count == 1 && token.first?.isLetter == true
    }

    /// Whether both are the same choice: `(C)`, `C. 12` and `C) 12` are the text of `C`.
    private static func isChoice(_ answer: ArraySlice<String>, of gold: ArraySlice<String>) -> Bool
    {
        func bare(_ tokens: ArraySlice<String>) -> ArraySlice<String> {
            tokens.first == "(" ? tokens.dropFirst() : tokens
        }
        let gold = bare(gold)
        guard let letter = gold.first, letter.count == 1, let only = letter.first, only.isUppercase,
            gold.dropFirst().allSatisfy({ $0 == ")" })
        else { return false }
        let rest = bare(answer)
        guard rest.first == letter else { return false }
        return rest.count == 1 || [")", ".", ":", ","].contains(rest[rest.startIndex + 1])
    }

    private static func areEqualNumbers(
        _ left: ArraySlice<String>,
        _ right: ArraySlice<String>
    ) -> Bool {
        guard let left = numbers(left), let right = numbers(right) else { return false }
        return left.contains { one in
            right.contains { abs(one - $0) <= 1e-12 * max(abs(one), abs($0)) }
        }
    }

    /// The values of a plain number, two for a percentage; nil for anything else.
    private static func numbers(_ tokens: ArraySlice<String>) -> [Double]? {
        var rest = tokens
        var sign = 1.0
        if rest.first == "-" || rest.first == "+" {
            sign = rest.removeFirst() == "-" ? -1 : 1
        }
        let isFraction = rest.first == "frac"
        if isFraction { rest.removeFirst() }
        guard var value = rest.popFirst().flatMap({ Double($0) }) else { return nil }
        if isFraction || rest.first == "/" {
            if !isFraction { rest.removeFirst() }
            guard let divisor = rest.popFirst().flatMap({ Double($0) }), divisor != 0 else {
                return nil
            }
            value /= divisor
        }
        value *= sign
        if rest.elementsEqual(["\\%"]) || rest.elementsEqual(["%"]) { return [value, value / 100] }
        if rest.elementsEqual(["^", "circ"]) { return [value] }
        // Letters alone may be factors; words are units.
        return rest.allSatisfy { $0.count > 1 && $0.allSatisfy(\.isLetter) } ? [value] : nil
    }
}
