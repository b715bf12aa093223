private import Foundation

extension SpecialTexts {
    /// A file of a tokenizer cannot be read.
    public struct UnreadableTokenizer: Error, Hashable, CustomStringConvertible {
        /// The file.
        public let path: String
        /// What the system or the parser says.
        public let reason: String

        /// What is wrong and how to mend it, in one line.
        public var description: String {
            "\(path): cannot be read (\(reason)); copy the model's tokenizer files anew"
        }
    }

    /// The special texts of the model in a directory, by its tokenizer's files; the usual ones when `path` is no
    /// directory, as for a model that the engine fetches, or when its files name none.
    ///
    /// All added tokens count, except plain words that are not marked as special.
    ///
    /// - Throws: ``UnreadableTokenizer``.
    public init(modelAt path: String) throws(UnreadableTokenizer) {
        var texts: [String] = []
        for name in ["tokenizer.json", "tokenizer_config.json"] {
            let file = path + "/" + name
            guard FileManager.default.fileExists(atPath: file) else { continue }
            do {
                let content = try Data(contentsOf: URL(fileURLWithPath: file))
                texts += try JSONDecoder().decode(TokenizerFile.self, from: content).texts
            } catch let error as DecodingError {
                throw UnreadableTokenizer(path: file, reason: error.words)
            } catch {
                throw UnreadableTokenizer(path: file, reason: error.localizedDescription)
            }
        }
        if texts.isEmpty { self.init() } else { self.init(of: texts) }
    }
}

/// What the two files say of tokens that were added to the vocabulary.
private struct TokenizerFile: Decodable {
    private struct Token: Decodable {
        let content: String
        let special: Bool?

        /// A plain word that is not special is a word of the vocabulary like others.
        var isControl: Bool {
            special == true || content.contains { !$0.isLetter && !$0.isNumber && !$0.isWhitespace }
        }
    }

    private let added_tokens: [Token]?
    private let added_tokens_decoder: [String: Token]?

    var texts: [String] {
        let tokens = (added_tokens ?? []) + (added_tokens_decoder.map { Array($0.values) } ?? [])
        return tokens.filter(\.isControl).map(\.content)
    }
}

extension DecodingError {
    /// The cause in one line.
    fileprivate var words: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context), .dataCorrupted(let context):
            context.debugDescription
        @unknown default: "not of the form of a tokenizer"
        }
    }
}
