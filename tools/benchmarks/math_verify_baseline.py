"""math-verify's own verdict on every line of a JSONL file: a JSON list of true, false, null.

    math_verify_baseline.py FILE     (lines with "gold" and "prediction")

Both texts go to the library as they are, with its default settings and its own time limit: what one
would write in an afternoon. Null stands for an error.
"""

import json
import logging
import sys

import math_verify

logging.disable(logging.CRITICAL)


def verdict(pair):
    try:
        gold = math_verify.parse(pair["gold"], parsing_timeout=2)
        prediction = math_verify.parse(pair["prediction"], parsing_timeout=2)
        return math_verify.verify(gold, prediction, timeout_seconds=2)
    except Exception:
        return None


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([verdict(json.loads(line)) for line in file if line.strip()]))
