"""The calls that pyrollbar makes: python3 pyrollbar_calls.py BASE_URL TOKEN. Prints each answer as a line of JSON."""

import json
import sys
import time
import traceback
import urllib.error
import urllib.request
import uuid

base, token = sys.argv[1:3]


def post(path, payload):
    request = urllib.request.Request(base + path, json.dumps(payload).encode(), {
        "Content-Type": "application/json", "X-Rollbar-Access-Token": token})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def data(body, level, **more):
    return {"timestamp": int(time.time()), "environment": "development", "level": level, "language": "python 3.11.2",
            "notifier": {"name": "pyrollbar", "version": "1.4.0b0"}, "uuid": str(uuid.uuid4()), "code_version": "1.0.7",
            "server": {"host": "build-7", "root": "/srv/cruddur", "pid": 17, "argv": ["app.py"]}, "body": body, **more}


def frames(error):
    return [{"filename": "/srv/cruddur/app.py", "lineno": frame.lineno, "method": frame.name, "code": frame.line,
             "locals": {"user": "ada", "password": "hunter2", "card": "4111 1111 1111 1111"}}
            for frame in traceback.extract_tb(error.__traceback__)]


def trace_of(error):
    return {"frames": frames(error), "exception": {"class": type(error).__name__, "message": str(error)}}


def divide(by):
    return 1 / by


def report_exc_info(**more):
    try:
        try:
            divide(0)
        except ZeroDivisionError as cause:
            raise ValueError(f"no result for {uuid.uuid4()}") from cause
    except ValueError as error:
        chain = {"trace_chain": [trace_of(error), trace_of(error.__cause__)]}
        return data(chain, "error", person={"id": "7", "username": "ada", "email": "ada@example.com"},
                    custom={"trace_id": "0af7651916cd43dd8448eb211c80319c", "api_key": "abc"}, **more)


def tell(answer):
    print(json.dumps({"status": answer[0], "body": answer[1]}), flush=True)


first = report_exc_info()
tell(post("item/", {"access_token": token, "data": first}))
tell(post("item/", {"access_token": token, "data": report_exc_info()}))
tell(post("item/", {"access_token": token, "data": first}))  # again, with the same uuid
message = data({"message": {"body": "Hello World!", "extra": {"a": 1}}}, "warning", custom={"a": 1})
tell(post("item/", {"access_token": token, "data": message}))
tell(post("item/", {"access_token": token, "data": {"body": {}}}))
tell(post("deploy/", {"access_token": token, "environment": "development", "revision": "abc123", "local_username": "ada"}))
