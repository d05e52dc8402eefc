"""A backend in Django: POST /login takes the code of tt.login."""

import json

import requests
from django.conf import settings
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST


def code_to_session(code):
    """Exchange the code for openid, unionid and session_key; the answer is Douyin's."""
    keys = {"appid": settings.DOUYIN_APP_ID, "secret": settings.DOUYIN_SECRET}
    url = f"{settings.DOUYIN_URL}/api/apps/v2/jscode2session"
    return requests.post(url, json={**keys, "code": code}, timeout=5).json()


@require_POST
def login(request):
    """Log the person in; the session_key never leaves the backend."""
    try:
        answer = code_to_session(json.loads(request.body)["code"])
    except requests.RequestException:
        return JsonResponse({"error": "Douyin is away"}, status=502)
    if answer["err_no"] != 0:
        error = f"{answer['err_no']} {answer['err_tips']}"
        return JsonResponse({"error": error}, status=401)
    return JsonResponse({"openid": answer["data"]["openid"]})


urlpatterns = [path("login", login)]
