"""A backend that uses aiohttp; with an argument, one that obeys the environment."""

import asyncio
import os
import sys

import aiohttp

login = {
    "appid": "ttd0c500000000000001",
    "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
    "code": os.environ["LOGIN_CODE"],
}
client = {
    "client_key": "awd0c50000000003",
    "client_secret": "fa4efa4efa4efa4efa4efa4efa4e0003",
    "grant_type": "client_credential",
}


async def main() -> None:
    """Log in, twice with the same code, and fetch a client token."""
    async with aiohttp.ClientSession(trust_env=len(sys.argv) > 1) as http:
        for _ in range(2):
            url = "https://developer.toutiao.com/api/apps/v2/jscode2session"
            async with http.post(url, json=login) as answer:
                print(await answer.text())
        async with http.post("https://open.douyin.com/oauth/client_token/", data=client) as answer:
            print(await answer.text())


asyncio.run(main())
