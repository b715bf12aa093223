"""GRPO training from step files: the trainer's half of a training run.

    python tools/trainer/grpo.py --settings RUN/trainer/settings.json
    accelerate launch --num_processes 8 tools/trainer/grpo.py --settings RUN/trainer/settings.json

The program `deepmath train` samples and grades; this one updates the model. They share a run
directory and nothing else: no call spans both, and each file is complete when it has its name.

    RUN/trainer/settings.json   in   what to do (settings.py has every key)
    RUN/steps/000012.h5         in   the episodes of step 12, in the layout of every trace file
    RUN/policy/000012/          out  the adapter after step 12, and metrics.json
    RUN/trainer/checkpoints/    own  what a later start needs to go on
    RUN/trainer/ended.json      out  exit status and message of an early end

One process, or several under a launcher, lives through the whole run, and TRL's GRPOTrainer does
the training: its loss, clipping, importance-sampling correction, optimizer, schedule, accumulation
and logging. To it, generation is a call that returns the rows of the next step file as soon as
that file is there (step_trainer.py): the token ids that the engine saw, its log-probabilities, a
mask that leaves out the tool's output, and recorded rewards. Advantages are computed twice, by the
program and by TRL, and a difference ends the run (advantages.py).

The order after each update is what makes a kill harmless: optimizer step, checkpoint, marker that
calls the checkpoint whole, policy. Killed before the marker, the next start removes the part and
trains the step again from the same file; killed after it, the next start publishes the policy
from the checkpoint. A policy that is there is never written again. With `checkpoint_steps` above 1
the steps since the last checkpoint are trained again, and their policies stand as published.
An interrupted run therefore ends with the same adapters as one that was not.

What `further` of the settings may hold is any other field of TRL's GRPOConfig, `deepspeed` and
`fsdp` among them. TRL cannot synchronise a reference model with an adapter (`sync_ref_model`):
with `beta` above 0 the divergence is from the base model, or from `start_adapter`.

Exit status: 0 all steps are done; 2 wrong input, one line says what, where and how to mend it;
3 loss or gradient is not finite, and neither update nor policy was made of it; 1 anything else.
A launcher of several processes has statuses of its own: RUN/trainer/ended.json has this one.
"""

import argparse
import atexit
import json
import os
import sys
from pathlib import Path

import environment
from failures import Stop
from settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", type=Path, required=True)
    path = parser.parse_args(arguments).settings
    record = path.with_name("ended.json")
    try:
        settings = read_settings(path)
        record.unlink(missing_ok=True)
        environment.prepare(settings)
        train = environment.training_function()
        train(settings)
    except Stop as stop:
        # Every process of several stops for the same reason; one says it.
        if os.environ.get("RANK", "0") == "0":
            print(f"trainer: {stop}", file=sys.stderr, flush=True)
            if path.parent.is_dir():
                record.write_text(json.dumps({"status": stop.status, "message": str(stop)}) + "\n")
        return stop.status
    return 0


if __name__ == "__main__":
    status = main()
    # What loggers have registered, for instance to send their last rows.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # Everything is on the disk. Among several processes a thread of the communication library now and
    # then outlives the objects it works for, and their destructors would abort a run that is done.
    os._exit(status)
