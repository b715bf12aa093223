"""Characters and cosmetics of an answer, put into plain ASCII and TeX before it is read.

Pure functions of text. Only replacements that keep the meaning are here: what a character is, never what
an answer means.
"""

import re
import unicodedata

# A run of these is one exponent or index.
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱˣ", "0123456789+-=()nix"))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙₖₓₐₑᵢⱼ", "0123456789+-=()nkxaeij"))
VULGAR_FRACTION = re.compile("[¼-¾⅐-⅞↉]")
# Marks that show nothing: zero width, direction, soft hyphen, variation selectors.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "theta", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma",
    "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}
SIGNS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "﹣": "-", "－": "-",
    "×": r"\times ", "✕": r"\times ", "÷": r"\div ", "·": r"\cdot ", "⋅": r"\cdot ",
    "∙": r"\cdot ", "∗": "*", "•": r"\cdot ", "⁄": "/", "∕": "/", "≤": r"\le ", "⩽": r"\le ",
    "≥": r"\ge ", "⩾": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≃": r"\approx ",
    "≡": r"\equiv ", "±": r"\pm ", "∓": r"\mp ", "∞": r"\infty ", "∈": r"\in ", "∪": r"\cup ",
    "∩": r"\cap ", "∅": r"\emptyset ", "∖": r"\setminus ", "∣": "|", "∨": r"\lor ",
    "∧": r"\land ", "√": r"\sqrt ", "∛": r"\sqrt[3]", "∜": r"\sqrt[4]", "∑": r"\sum ",
    "∏": r"\prod ", "∫": r"\int ", "∂": r"\partial ", "°": r"^{\circ}", "º": r"^{\circ}",
    "′": "'", "’": "'", "‘": "'", "″": "''", "…": r"\ldots ", "⋯": r"\ldots ",
    "⟨": r"\langle ", "⟩": r"\rangle ", "〈": r"\langle ", "〉": r"\rangle ",
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ",
    "∠": r"\angle ", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}",
    "ℚ": r"\mathbb{Q}", "ℂ": r"\mathbb{C}", "→": r"\to ", "⇒": r"\Rightarrow ",
    "€": r"\currency ", "£": r"\currency ", "¢": r"\text{cents}", "。": ". ", "、": ", ", "“": '"', "”": '"', "ⅈ": "i", "ⅉ": "j", "ⅇ": "e", "ℯ": "e",
}

# What says the same in another way, and what only moves or draws.
SPELLINGS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A command name that a JSON or Python string has escaped once more.
        (r"(?<!\\)\\\\(?=(?:d?frac|sqrt|left|right|text|le|ge|in|cup|infty|pi|cdot|times)(?![a-z]))",
         r"\\"),
        # The thousands of `12{,}345` and `12,\!345`.
        (r"(?<=\d)\s*(?:\{\s*,\s*\}|,\s*\\!|\\!\s*,)\s*(?=\d{3}(?!\d))", ""),
        (r"(?<=\d)(?:\\[,;:! ]|~)+(?=\d{3}(?!\d))", ""),
        (r"\\(?:text|mathrm|mbox)\s*\{\s*(\\[$%]|\\currency)\s*\}", r"\1 "),
        (r"^\s*(?:USD|US\s?\\?\$|EUR)\s*(?=\d)", r"\\currency "),
        (r"(?<!\\)\\\s*$", ""),
        # A power of a unit inside its text command.
        (r"\\(text|mathrm|mbox)\s*\{\s*([A-Za-z. ]+)\^\{?([23])\}?\s*\}", r"\\\1{\2}^{\3}"),
        (r"\\\\\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|cm|mm|in)\s*\]", r"\\\\ "),
        (r"\\\$|\\(?:pounds|euro|texteuro|textdollar)(?![a-zA-Z])", r"\\currency "),
        (r"\\(?:left|right)\s*\.", " "),
        (r"\\(?:checkmark|square|blacksquare|Box|qed|qedhere)(?![a-zA-Z])[\s.]*$", " "),
        (r"\{:\}", ":"),
        (r"(?:\{\})?\^\{?(\w+)\}?\s*C_(?:\{(\w+)\}|(\w))", r"\\binom{\1}{\2\3}"),
        (r"(?<=[)\]])\s*U\s*(?=[(\[])", r"\\cup "),
        (r"\\(?:left|right|middle|[bB]igg?[lrm]?)(?![a-zA-Z])\s*\.?(?=\s*[^a-zA-Z0-9\s]|\s*$)", " "),
        (r"\\(?:hspace|vspace|phantom|hphantom|vphantom|kern|tag|label)\*?\s*\{[^{}]*\}", " "),
        (r"\\(?:color|textcolor|colorbox)\s*(?:\[\w+\])?\{[^{}]*\}", " "),
        (r"\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|nonumber|notag|strut"
         r"|normalsize|large|Large|huge|bf|rm|it|mathstrut|hfill|centering)(?![a-zA-Z])", " "),
        (r"\\(?:[dtc]|nice|s)frac(?![a-zA-Z])", r"\\frac"),
        (r"^([^{}=,]*)\\over(?![a-zA-Z])([^{}=,]*)$", r"\\frac{\1}{\2}"),
        (r"\\[dt]binom(?![a-zA-Z])", r"\\binom"),
        (r"\\(?:leq|leqslant|leqq)(?![a-zA-Z])", r"\\le "),
        (r"\\(?:geq|geqslant|geqq)(?![a-zA-Z])", r"\\ge "),
        (r"\\neq(?![a-zA-Z])|\\not\s*=", r"\\ne "),
        (r"\\(?:varnothing|empty)(?![a-zA-Z])", r"\\emptyset "),
        (r"\\(?:dots|cdots|dotsc|dotsb|hdots|dotso|dotsm)(?![a-zA-Z])", r"\\ldots "),
        (r"\\(?:lbrace)(?![a-zA-Z])", r"\\{"), (r"\\(?:rbrace)(?![a-zA-Z])", r"\\}"),
        (r"\\(?:lbrack)(?![a-zA-Z])", "["), (r"\\(?:rbrack)(?![a-zA-Z])", "]"),
        (r"\\(?:lvert|rvert|vert|mid)(?![a-zA-Z])", "|"),
        (r"\\(?:lVert|rVert|Vert)(?![a-zA-Z])|\\\|", " \\\\norm "),
        (r"\\(?:vee)(?![a-zA-Z])", r"\\lor "), (r"\\(?:wedge)(?![a-zA-Z])", r"\\land "),
        (r"\\(?:backslash|smallsetminus)(?![a-zA-Z])", r"\\setminus "),
        (r"\\(?:degree|textdegree)(?![a-zA-Z])|\^\s*\{\s*\\circ\s*\}|\^\s*\\circ(?![a-zA-Z])", r"\\degree "),
        (r"\\(?:ast|star|bullet)(?![a-zA-Z])", r"\\cdot "),
        (r"\\var(epsilon|theta|phi|rho|sigma|kappa|pi)(?![a-zA-Z])", r"\\\1 "),
        (r"\\(?:simeq|thickapprox|fallingdotseq|doteq)(?![a-zA-Z])", r"\\approx "),
        (r"\\prime(?![a-zA-Z])", "'"),
        (r"\\q?quad|(?<!\\)\\[,;:!> ]|~|\\space(?![a-zA-Z])", " "),
        (r"&lt;", "<"), (r"&gt;", ">"), (r"&amp;", "&"),
        (r"<=|=<", r"\\le "), (r">=", r"\\ge "), (r"!=|<>", r"\\ne "),
        (r"==", "="), (r"~=", r"\\approx "), (r"\+/-|\+-(?=\d*\\sqrt|\d*sqrt)", r"\\pm "),
    )
]
WRAPPER = re.compile(
    r"\\(?:underline|uline|texttt|framebox|boldsymbol|mathbf|bm|pmb|mathit|mathsf|mathtt|mathcal"
    r"|mathstrut|ensuremath|boxed|fbox|emph|textit|underbrace|overbrace|displaylines"
    r"|mathop|mathord|mathrel|mathbin)\s*(?=\{)|\\(?:text|mathrm|mbox|textbf)\s*(?=\{[^{}\\]*\\[a-z])"
)
ENVIRONMENT = re.compile(
    r"\\(?:begin|end)\s*\{(?:aligned|align|align\*|gathered|gather|gather\*|split|equation"
    r"|equation\*|displaymath|math|center|cases|dcases)\}(?:\[\w\])?"
)


def characters(text):
    """`text` with every character that has an ASCII or TeX spelling in it."""
    text = INVISIBLE.sub("", SPACE.sub(" ", text))
    text = _runs(text, SUPERSCRIPTS, "^")
    text = _runs(text, SUBSCRIPTS, "_")
    text = VULGAR_FRACTION.sub(_vulgar_fraction, text)
    return "".join(map(_character, text))


def spelled(text):
    """`text` with one spelling for each thing, and without what only moves or draws."""
    text = ENVIRONMENT.sub(" ", text)
    for pattern, replacement in SPELLINGS:
        text = pattern.sub(replacement, text)
    return WRAPPER.sub(" ", text)


def _runs(text, table, mark):
    """Every run of small figures of `table` as one group behind `mark`."""
    pattern = "[" + re.escape("".join(table)) + "]+"
    return re.sub(pattern, lambda run: mark + "{" + "".join(map(table.get, run[0])) + "}", text)


def _vulgar_fraction(match):
    above, below = unicodedata.normalize("NFKC", match[0]).split("\N{FRACTION SLASH}")
    return f"\\frac{{{above}}}{{{below}}}"


def _character(character):
    if character < "\x7f":
        return character
    if character in SIGNS:
        return SIGNS[character]
    # Mathematical alphabets and full-width forms are compatible with plain characters.
    plain = unicodedata.normalize("NFKC", character)
    if plain in GREEK:
        return "\\" + GREEK[plain] + " "
    return SIGNS.get(plain, plain)
