"""The closed-loop client that one would write in Python: aiohttp, one task for each place.

    replay_client.py PLAN

PLAN is JSON: socket, model, concurrency, and episodes, each a list of calls. A call has a `text` or
`messages` to tokenise, or `ids` to complete with `max_tokens` and `seed`; `exact` asks for exactly
that many tokens. Prints wall seconds, its own CPU seconds and the tokens it was given, as JSON.
"""

import asyncio
import json
import sys
import time

import aiohttp


async def tokenize(session, model, call):
    body = {"model": model}
    if "messages" in call:
        body |= {"messages": call["messages"], "add_generation_prompt": True}
    else:
        body |= {"prompt": call["text"], "add_special_tokens": False}
    async with session.post("http://engine/tokenize", json=body) as reply:
        reply.raise_for_status()
        return (await reply.json())["tokens"]


async def complete(session, model, call, stop):
    body = {
        "model": model, "prompt": call["ids"], "max_tokens": call["max_tokens"],
        "temperature": 1.0, "top_p": 1.0, "seed": call["seed"], "logprobs": 0,
        "return_token_ids": True, "skip_special_tokens": False, "add_special_tokens": False,
    }
    if call["exact"]:
        body |= {"ignore_eos": True, "min_tokens": call["max_tokens"]}
    else:
        body |= {"stop": stop, "include_stop_str_in_output": True}
    async with session.post("http://engine/v1/completions", json=body) as reply:
        reply.raise_for_status()
        choice = (await reply.json())["choices"][0]
    ids, values = choice["token_ids"], choice["logprobs"]["token_logprobs"]
    assert len(ids) == len(values)
    return ids, values, choice["text"]


async def place(session, plan, episodes):
    sampled = 0
    while episodes:
        trajectory, log_probabilities = [], []
        for call in episodes.pop():
            if "ids" not in call:
                trajectory += await tokenize(session, plan["model"], call)
                continue
            ids, values, _ = await complete(session, plan["model"], call, plan["stop"])
            trajectory += ids
            log_probabilities += values
            sampled += len(ids)
    return sampled


async def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    episodes = plan["episodes"][::-1]
    connector = aiohttp.UnixConnector(path=plan["socket"], limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        start, processor = time.monotonic(), time.process_time()
        places = [place(session, plan, episodes) for _ in range(plan["concurrency"])]
        sampled = sum(await asyncio.gather(*places))
        wall, processor = time.monotonic() - start, time.process_time() - processor
    print(json.dumps({"wall": wall, "processor": processor, "tokens": sampled}))


asyncio.run(main())
