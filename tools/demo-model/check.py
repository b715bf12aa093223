"""Accuracy of the served demo model: the agent loop as the program runs it, against a live server.

    python -m vllm.entrypoints.openai.api_server --model configs/demo/model --uds /tmp/engine.sock \\
        --dtype float32 --enforce-eager --max-model-len 2048 --max-num-seqs 64 \\
        --no-enable-chunked-prefill --max-num-batched-tokens 16384
    python tools/demo-model/check.py /tmp/engine.sock

For development, with this project's own small model only: snippets run in a child process that is
no sandbox. A snippet's variables live on by running the episode's earlier snippets again.
"""

import argparse
import http.client
import json
import re
import socket
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import repl
from traces import AGENT_PREFIX, tool_block

CALL = re.compile(r"<tool_call>\n?(.*?)\n?</tool_call>", re.DOTALL)
BOXED = re.compile(r"\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}")
TURN_LIMIT = 6
TURN_TOKENS = 512


class Server:
    """JSON over HTTP over a Unix socket, one connection a request."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.model = self.request("GET", "/v1/models")["data"][0]["id"]

    def request(self, method: str, target: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection("localhost", timeout=300)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.path)
        text = None if body is None else json.dumps({"model": self.model, **body})
        connection.request(method, target, text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        reply = json.loads(response.read())
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{method} {target}: {response.status} {reply}")
        return reply


@dataclass
class Episode:
    answer: str | None
    snippets: list[str]
    text: str


def solve(server: Server, interpreters: ProcessPoolExecutor, content: str, temperature: float, seed: int) -> Episode:
    chat = {"messages": [{"role": "user", "content": content}], "add_generation_prompt": True}
    ids = server.request("POST", "/tokenize", chat)["tokens"]
    snippets: list[str] = []
    text = answer_text = ""
    for turn in range(TURN_LIMIT):
        choice = server.request("POST", "/v1/completions", {
            "prompt": ids, "max_tokens": TURN_TOKENS, "temperature": temperature, "seed": seed * TURN_LIMIT + turn,
            "stop": ["</tool_call>"], "include_stop_str_in_output": True,
            "return_token_ids": True, "skip_special_tokens": True,
        })["choices"][0]
        ids = ids + choice["token_ids"]
        text += choice["text"]
        answer_text += choice["text"]
        call = CALL.search(choice["text"])
        if call is None:
            break
        snippets.append(call[1])
        block = tool_block(interpreters.submit(repl.replay, snippets).result())
        ids += server.request("POST", "/tokenize", {"prompt": block, "add_special_tokens": False})["tokens"]
        text += block
        if len(ids) > 1500:
            break
    boxed = BOXED.findall(answer_text)
    return Episode(boxed[-1] if boxed else None, snippets, text)


def value(answer: str) -> Fraction | None:
    try:
        return Fraction(re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", answer.strip()))
    except (ValueError, ZeroDivisionError):
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("socket")
    demo = Path(__file__).resolve().parents[2] / "configs" / "demo"
    parser.add_argument("--problems", type=Path, default=demo / "problems.jsonl")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--samples", type=int, default=1)
    parser.add_argument("--baseline", action="store_true", help="ask without the agent's instruction")
    parser.add_argument("--show", type=int, default=0, help="how many wrong episodes to print")
    options = parser.parse_args()

    server = Server(options.socket)
    problems = [json.loads(line) for line in options.problems.read_text().splitlines()]
    prefix = "" if options.baseline else AGENT_PREFIX
    start = time.monotonic()
    with ProcessPoolExecutor(2) as interpreters, ThreadPoolExecutor(64) as threads:
        interpreters.submit(repl.replay, ["import numpy, sympy"]).result()

        def attempt(task: tuple[int, dict[str, str]]) -> Episode:
            return solve(server, interpreters, prefix + task[1]["problem"], options.temperature, task[0])

        tasks = list(enumerate(problem for problem in problems for _ in range(options.samples)))
        episodes = list(threads.map(attempt, tasks))
    right: dict[str, list[bool]] = defaultdict(list)
    called: dict[bool, list[bool]] = {True: [], False: []}
    shown = 0
    for (_, problem), episode in zip(tasks, episodes):
        given = None if episode.answer is None else value(episode.answer)
        correct = given is not None and given == value(problem["answer"])
        right[problem["subject"]].append(correct)
        called[bool(episode.snippets)].append(correct)
        if not correct and shown < options.show:
            shown += 1
            print(f"--- {problem['id']}: {problem['problem']}\n{episode.text}\n(expected {problem['answer']})")
    for subject, results in right.items():
        print(f"{subject:12} {sum(results) / len(results):.3f}")
    for used, results in called.items():
        print(f"{'with' if used else 'without'} tool: {sum(results)} of {len(results)} right")
    total = [correct for results in right.values() for correct in results]
    print(f"accuracy {sum(total) / len(total):.3f} over {len(total)} episodes, T = {options.temperature}, "
          f"{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
