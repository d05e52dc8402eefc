"""A backend of many processes and threads, and one connection that is used again and again."""

import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import requests

URL = "https://open.douyin.com/oauth/client_token/"


def call(_: int) -> int:
    """Make one call, and give the number of its error."""
    code: int = requests.get(URL).json()["data"]["error_code"]
    return code


def main() -> None:
    """Print what came of the calls, as a set for each way of making them."""
    session = requests.Session()
    again = {session.get(URL).json()["data"]["error_code"] for _ in range(200)}
    with ThreadPoolExecutor(10) as threads:
        together = set(threads.map(call, range(50)))
    context = multiprocessing.get_context(sys.argv[1])
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        apart = set(processes.map(call, range(4)))
    print(json.dumps([[*again], [*together], [*apart]]))


if __name__ == "__main__":
    main()
