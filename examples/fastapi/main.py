"""A backend in FastAPI: POST /login takes the code of tt.login.

mockdouyin run -- uvicorn main:app
"""

import os
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel


class Douyin:
    """What this backend calls Douyin for."""

    def __init__(self, client, app_id, secret):
        self.client, self.app_id, self.secret = client, app_id, secret

    async def code_to_session(self, code):
        """Exchange the code for openid, unionid and session_key; the answer is Douyin's."""
        keys = {"appid": self.app_id, "secret": self.secret}
        reply = await self.client.post("/api/apps/v2/jscode2session", json={**keys, "code": code})
        return reply.json()


async def get_douyin():
    """Yield Douyin as the environment says; a test puts another in its place."""
    url = os.environ.get("DOUYIN_URL", "https://developer.toutiao.com")
    async with httpx.AsyncClient(base_url=url, timeout=5) as client:
        yield Douyin(
            client,
            os.environ.get("DOUYIN_APP_ID", "ttd0c500000000000001"),
            os.environ.get("DOUYIN_SECRET", "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001"),
        )


class Login(BaseModel):
    """What the front end sends."""

    code: str


app = FastAPI()


@app.post("/login")
async def login(body: Login, douyin: Annotated[Douyin, Depends(get_douyin)]):
    """Log the person in; the session_key never leaves the backend."""
    try:
        answer = await douyin.code_to_session(body.code)
    except httpx.TransportError:
        raise HTTPException(502, "Douyin is away") from None
    if answer["err_no"] != 0:
        raise HTTPException(401, f"{answer['err_no']} {answer['err_tips']}")
    return {"openid": answer["data"]["openid"]}
