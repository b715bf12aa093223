"""One training run: everything put together."""

import logging
import sys
from pathlib import Path

import transformers

import model
from arguments import checkpoint_directory, grpo_config
from checkpoints import Checkpoints
from failures import BadInput
from settings import Settings
from step_trainer import StepTrainer


def be_quiet() -> None:
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    # An episode without a reward is no surprise here.
    logging.getLogger("trl.trainer.grpo_trainer").addFilter(
        lambda record: "All reward functions returned None" not in record.getMessage()
    )


def make_trainer(settings: Settings) -> StepTrainer:
    try:
        arguments = grpo_config(settings)
    except (TypeError, ValueError, ImportError) as error:
        raise BadInput(f"settings: {model.first_line(error)}") from error
    given, head = model.load(settings)
    checkpoints = Checkpoints(Path(checkpoint_directory(settings)), settings.run_id)
    try:
        return StepTrainer(settings, arguments, head, checkpoints, **given)
    except (ValueError, NotImplementedError) as error:
        raise BadInput(f"settings: {model.first_line(error)}") from error


def train(settings: Settings) -> None:
    """Trains until the last step is done, from the newest whole checkpoint on."""
    be_quiet()
    trainer = make_trainer(settings)
    checkpoints = trainer.checkpoints
    if trainer.accelerator.is_main_process:
        checkpoints.remove_partial()
    trainer.accelerator.wait_for_everyone()
    newest = [str(path) for path in checkpoints.whole()[-1:]]
    if trainer.accelerator.is_main_process:
        print(start_line(trainer, newest), file=sys.stderr, flush=True)
    trainer.train(resume_from_checkpoint=newest[0] if newest else None)
    trainer.accelerator.end_training()


def start_line(trainer: StepTrainer, newest: list[str]) -> str:
    arguments = trainer.args
    weights = sum(parameter.numel() for parameter in trainer.model.parameters() if parameter.requires_grad)
    return (
        f"trainer: processes={arguments.world_size} device={arguments.device} trained_weights={weights} "
        f"micro_batch={arguments.per_device_train_batch_size} passes={arguments.gradient_accumulation_steps} "
        f"from={newest[0] if newest else 'the start'}"
    )
