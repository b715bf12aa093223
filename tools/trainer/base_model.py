"""Whether an adapter was trained on this base model: by name, by architecture and by shape."""

from typing import Any

def check_base(adapter: str, model: str, base: Any) -> None:
    pass
