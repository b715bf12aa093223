"""GRPO training from step files.

    python tools/trainer/grpo.py --settings RUN/trainer/settings.json
"""

import argparse
import sys
from pathlib import Path

import environment
from failures import Stop
from settings import read_settings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", type=Path, required=True)
    options = parser.parse_args()
    try:
        settings = read_settings(options.settings)
        environment.prepare(settings)
        environment.hide_vllm()
        import training

        training.train(settings)
    except Stop as stop:
        print(f"trainer: {stop}", file=sys.stderr, flush=True)
        return stop.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
