"""The words that the reader of answers knows: functions, names of constants, units, multipliers."""

FUNCTIONS = {
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "asin", "acos",
    "atan", "acot", "asinh", "acosh", "atanh", "exp", "ln", "lg", "log", "sign", "re", "im",
    "arg", "conjugate",
}
# In running letters these are functions only before a bracket.
CALLED_FUNCTIONS = {"sign", "re", "im", "arg", "conjugate", "gamma"}
# Other spellings of functions: what they are here.
FUNCTION_SPELLINGS = {
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "cot", "sinh", "cosh", "tanh")},
    **{f"ar{name}": f"a{name}" for name in ("sinh", "cosh", "tanh")},
    "tg": "tan", "ctg": "cot", "cotg": "cot", "cosec": "csc", "arctg": "atan", "sgn": "sign",
    "sh": "sinh", "ch": "cosh", "th": "tanh", "Re": "re", "Im": "im", "log10": "lg", "log2": "log2",
}
# Names in running letters that are no product of variables.
PYTHON_FUNCTIONS = {
    "sqrt", "cbrt", "root", "Abs", "abs", "binomial", "comb", "factorial", "floor", "ceiling",
    "ceil", "Rational", "Fraction", "Matrix", "Interval", "IntervalOpen", "IntervalLopen",
    "IntervalRopen", "FiniteSet", "Union", "Tuple", "Point",
    "Point2D", "Point3D", "gcd", "lcm", "Mod", "max", "min", "Max", "Min", "Sum", "Integral",
    "Limit", "Derivative", "Product", "Eq", "Ne", "Lt", "Le", "Gt", "Ge", "And", "Or", "Float",
    "Integer", "ImmutableMatrix", "array", "list", "set", "tuple", "det", "mod", "pow", "Pow",
    "frac", "frozenset", "complex", "ImmutableDenseMatrix", "MutableDenseMatrix", "Add", "Mul",
}
CONSTANTS = {
    "pi": "pi", "infty": "oo", "oo": "oo", "inf": "oo", "infinity": "oo", "Infinity": "oo",
    "imath": "i", "e": "e", "i": "i",
}
SETS = {
    "R": "R", "Z": "Z", "Q": "Q", "N": "N", "C": "C", "Reals": "R", "Integers": "Z",
    "EmptySet": "empty", "emptyset": "empty", "Rationals": "Q", "Naturals": "N",
}
GREEK_LETTERS = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
    "ell", "hbar", "wp", "partial", "nabla",
}
MULTIPLIERS = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "hundreds": 10**2, "thousands": 10**3, "millions": 10**6, "billions": 10**9, "dozen": 12,
    "dozens": 12, "lakh": 10**5, "crore": 10**7,
}
PERCENT = {"percent", "percents", "percentage", "pct", "per cent"}

# Units: a name, its dimension and its size within it; then every spelling.
_UNITS = (
    ("millimeter", "length", 1, "mm millimeter millimeters millimetre millimetres"),
    ("centimeter", "length", 10, "cm cms centimeter centimeters centimetre centimetres"),
    ("decimeter", "length", 100, "dm decimeter decimeters"),
    ("meter", "length", 1000, "m meter meters metre metres"),
    ("kilometer", "length", 10**6, "km kms kilometer kilometers kilometre kilometres"),
    ("inch", "foot length", 1, "in inch inches"),
    ("foot", "foot length", 12, "ft foot feet"),
    ("yard", "foot length", 36, "yd yds yard yards"),
    ("mile", "foot length", 63360, "mi mile miles"),
    ("milligram", "mass", 1, "mg milligram milligrams"),
    ("gram", "mass", 1000, "g gram grams"),
    ("kilogram", "mass", 10**6, "kg kgs kilogram kilograms"),
    ("ton", "ton", 1, "ton tons tonne tonnes"),
    ("ounce", "pound mass", 1, "oz ounce ounces"),
    ("pound", "pound mass", 16, "lb lbs pound pounds"),
    ("second", "time", 1, "s sec secs second seconds"),
    ("minute", "time", 60, "min mins minute minutes"),
    ("hour", "time", 3600, "h hr hrs hour hours"),
    ("day", "time", 86400, "day days"),
    ("week", "time", 604800, "week weeks"),
    ("month", "month", 1, "month months"),
    ("year", "month", 12, "yr yrs year years"),
    ("milliliter", "volume", 1, "ml mL milliliter milliliters millilitre millilitres"),
    ("liter", "volume", 1000, "l L liter liters litre litres"),
    ("gallon", "gallon", 1, "gal gallon gallons"),
    ("degree", "angle", 1, "deg degree degrees"),
    ("radian", "radian", 1, "rad radian radians"),
    ("celsius", "celsius", 1, "celsius C"),
    ("fahrenheit", "fahrenheit", 1, "fahrenheit F"),
    ("cent", "money", 1, "cent cents"),
    ("dollar", "money", 100, "dollar dollars USD usd bucks"),
    ("euro", "euro", 1, "euro euros EUR"),
    ("yuan", "yuan", 1, "yuan"),
    ("rupee", "rupee", 1, "rupee rupees"),
    ("mph", "mph", 1, "mph"),
    ("joule", "joule", 1, "J joule joules"),
    ("newton", "newton", 1, "N newton newtons"),
    ("watt", "watt", 1, "W watt watts"),
    ("unit", "count", 1, "unit units u"),
)
# Things that are counted: a word of these behind a number is not a size.
COUNTED = {
    "apples", "balls", "bananas", "boxes", "books", "cards", "cars", "children", "choices", "coins",
    "cookies", "cubes", "digits", "eggs", "edges", "faces", "games", "girls", "boys", "houses",
    "integers", "marbles", "men", "women", "numbers", "oranges", "outcomes", "pages", "pairs",
    "paths", "pencils", "people", "pieces", "points", "problems", "sides", "solutions", "squares",
    "steps", "students", "subsets", "tickets", "times", "toys", "trees", "triangles", "values",
    "vertices", "ways", "words",
}
UNITS = {word: (name, kind, size) for name, kind, size, words in _UNITS for word in words.split()}
# One letter is a unit only inside a text command: in a formula it is a variable.
BARE_UNITS = {
    word for word in UNITS if len(word) >= 3
} | {"cm", "mm", "km", "kg", "mg", "ml", "mL", "ft", "in", "lb", "oz", "hr", "yd"}
GLUED_UNITS = {word for word in UNITS if len(word) >= 3} | {"cm", "mm", "km", "kg"}
