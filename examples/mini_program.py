"""A mini-program's backend: log a user in, open their profile and their phone number.

    mockdouyin run -- python examples/mini_program.py

The addresses are Douyin's own; nothing here knows of mockdouyin but the part that plays the phone.
"""

import base64
import hashlib
import json
import urllib.request

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from phone import ask

LOGIN = "https://developer.toutiao.com/api/apps/v2/jscode2session"
APPID = "ttd0c500000000000001"
SECRET = "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001"


def session_of(code):
    """Exchange a login code for openid, unionid and session_key."""
    body = json.dumps({"appid": APPID, "secret": SECRET, "code": code}).encode()
    request = urllib.request.Request(LOGIN, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        answer = json.load(reply)
    if answer["err_no"] != 0:
        raise SystemExit(f"login refused: {answer['err_no']} {answer['err_tips']}")
    return answer["data"]


def opened(sealed, session_key):
    """Decrypt an encryptedData: AES-128-CBC with PKCS#7 under the session_key."""
    key, iv, data = map(base64.b64decode, (session_key, sealed["iv"], sealed["encryptedData"]))
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    plain = unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
    return json.loads(plain)


session = session_of(ask("phone/login")["code"])
print("openid", session["openid"])

profile = ask("phone/getUserProfile")
signature = hashlib.sha1((profile["rawData"] + session["session_key"]).encode()).hexdigest()
print("signature", "right" if signature == profile["signature"] else "wrong")
print("nickname", opened(profile, session["session_key"])["nickName"])

number = opened(ask("phone/getPhoneNumber")["detail"], session["session_key"])
print("phone", number["phoneNumber"])
